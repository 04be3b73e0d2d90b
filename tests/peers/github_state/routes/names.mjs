// Answers for labels and milestones.
import * as acts from "../acts/names.mjs";
import { labelDocument, milestoneDocument } from "../documents/names.mjs";
import { numbered } from "../paging.mjs";
import { notFound, unprocessable } from "../refusal.mjs";
import { live, milestoneCount, sorted } from "../world.mjs";

function labels(context) {
  const { world, repository } = context;
  const { items, link } = numbered(
    context,
    sorted(repository, "labels", "id", () => live(repository.labels)),
  );
  return { document: items.map((one) => labelDocument(world, repository, one)), link };
}

function labelOf({ repository, params }) {
  const name = params.name.toLowerCase();
  const label = live(repository.labels).find((one) => one.name.toLowerCase() === name);
  if (!label) throw notFound();
  return label;
}

function label(context) {
  const found = labelOf(context);
  return {
    document: labelDocument(context.world, context.repository, found),
    changed_at: found.changed_at,
  };
}

function createLabel(context) {
  const { world, repository, body } = context;
  context.need("write");
  const isTaken = live(repository.labels).some(
    (one) => one.name.toLowerCase() === body.name?.toLowerCase(),
  );
  if (!body.name) throw unprocessable("Label", "name", "missing_field");
  if (isTaken) throw unprocessable("Label", "name", "already_exists");
  const { id } = acts.create_label(world, context.args(body));
  return { status: 201, document: labelDocument(world, repository, repository.labels.get(id)) };
}

function editLabel(context) {
  context.need("write");
  const found = labelOf(context);
  acts.edit_label(context.world, { ...context.args(context.body), name: found.name });
  return { document: labelDocument(context.world, context.repository, found) };
}

function deleteLabel(context) {
  context.need("write");
  acts.delete_label(context.world, context.args({ name: labelOf(context).name }));
  return { status: 204 };
}

function milestones(context) {
  const { world, repository, query } = context;
  const state = query.get("state") ?? "open";
  const isByCompleteness = query.get("sort") === "completeness";
  const done = ({ number }) => {
    const count = milestoneCount(repository, number);
    return count.closed / Math.max(1, count.open + count.closed);
  };
  const due = (one) => one.due_on ?? Number.MAX_SAFE_INTEGER;
  const key = isByCompleteness ? done : due;
  const list = live(repository.milestones)
    .filter((one) => state === "all" || one.state === state)
    .sort((a, b) => key(a) - key(b) || a.id - b.id);
  if (query.get("direction") === "desc") list.reverse();
  const { items, link } = numbered(context, list);
  return { document: items.map((one) => milestoneDocument(world, repository, one)), link };
}

function milestoneOf({ repository, params }) {
  const milestone = repository.milestones.get(Number(params.number));
  if (!milestone || milestone.gone) throw notFound();
  return milestone;
}

function milestone(context) {
  const found = milestoneOf(context);
  return {
    document: milestoneDocument(context.world, context.repository, found),
    changed_at: found.updated_at,
  };
}

export const namesRoutes = [
  ["GET", "labels", labels],
  ["POST", "labels", createLabel],
  ["GET", "labels/:name", label],
  ["PATCH", "labels/:name", editLabel],
  ["DELETE", "labels/:name", deleteLabel],
  ["GET", "milestones", milestones],
  ["GET", "milestones/:number", milestone],
];
