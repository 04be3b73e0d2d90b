// Answers for comments: those of a repository come by cursor, those of one issue by page.
import * as acts from "../acts/comments.mjs";
import { commentDocument } from "../documents/issue.mjs";
import { cursored, numbered, sinceFilter, sinceOf } from "../paging.mjs";
import { reaches } from "../access.mjs";
import { notFound, Refusal, unprocessable } from "../refusal.mjs";
import { derived, live, sorted } from "../world.mjs";
import { issueOf } from "./issues.mjs";

const COLUMNS = { created: "created_at", updated: "updated_at" };

function comments(context) {
  const { world, repository, query } = context;
  const column = COLUMNS[query.get("sort") ?? "created"] ?? "created_at";
  const isAscending = !query.has("sort") || query.get("direction") === "asc";
  const all = sorted(repository, "comments", column, () => live(repository.comments));
  const list = [...sinceFilter(world, all, sinceOf(query), "updated_at")];
  if (!isAscending) list.reverse();
  const { items, link } = cursored(context, list, {
    column,
    isAscending,
    documentation:
      "https://docs.github.com/rest/issues/comments#list-issue-comments-for-a-repository",
  });
  return { document: items.map((one) => commentDocument(world, repository, one)), link };
}

function commentsOfIssue(context) {
  const { world, repository, query } = context;
  const found = issueOf(context);
  const byIssue = derived(repository, "comments of issues", () => {
    const map = new Map();
    for (const one of live(repository.comments)) {
      if (!map.has(one.number)) map.set(one.number, []);
      map.get(one.number).push(one);
    }
    return map;
  });
  const list = sinceFilter(
    world,
    byIssue.get(found.number) ?? [],
    sinceOf(query),
    "updated_at",
  ).filter((one) => one.created_at + world.switches.list_lag <= world.now());
  const { items, link } = numbered(context, list);
  return { document: items.map((one) => commentDocument(world, repository, one)), link };
}

function commentOf({ repository, params }) {
  const comment = repository.comments.get(Number(params.id));
  if (!comment || comment.gone) throw notFound();
  return comment;
}

function comment(context) {
  const found = commentOf(context);
  return {
    document: commentDocument(context.world, context.repository, found),
    changed_at: found.updated_at,
  };
}

function createComment(context) {
  const { world, repository, body } = context;
  context.need("read");
  const found = issueOf(context);
  // Nobody but those who may push comments there, and no App at all.
  if (found.locked && (context.caller.installation || !reaches(context.role, "write")))
    throw new Refusal(403, "Unable to create comment because issue is locked.");
  if (!body.body) throw unprocessable("IssueComment", "body", "missing_field");
  const { id } = acts.create_comment(
    world,
    context.args({ number: found.number, body: body.body }),
  );
  return { status: 201, document: commentDocument(world, repository, repository.comments.get(id)) };
}

function editComment(context) {
  context.need("read");
  const found = commentOf(context);
  acts.edit_comment(context.world, context.args({ id: found.id, body: context.body.body }));
  return { document: commentDocument(context.world, context.repository, found) };
}

function deleteComment(context) {
  context.need("read");
  acts.delete_comment(context.world, context.args({ id: commentOf(context).id }));
  return { status: 204 };
}

export const commentRoutes = [
  ["GET", "issues/comments", comments],
  ["GET", "issues/comments/:id", comment],
  ["PATCH", "issues/comments/:id", editComment],
  ["DELETE", "issues/comments/:id", deleteComment],
  ["GET", "issues/:number/comments", commentsOfIssue],
  ["POST", "issues/:number/comments", createComment],
];
