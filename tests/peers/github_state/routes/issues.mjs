// Answers for issues and their labels, and for issues that were deleted or transferred.
import * as acts from "../acts/issues.mjs";
import { create_label } from "../acts/names.mjs";
import { reaches, roleOf } from "../access.mjs";
import { listedIssue, singleIssue } from "../documents/issue.mjs";
import { labelDocument } from "../documents/names.mjs";
import { cursored, numbered, sinceFilter, sinceOf } from "../paging.mjs";
import { moved, notFound, Refusal, unprocessable } from "../refusal.mjs";
import { commentCount, live, sorted } from "../world.mjs";

const LIST = "https://docs.github.com/rest/issues/issues#list-repository-issues";
const COLUMNS = { created: "created_at", updated: "updated_at", comments: "comments" };

const switchedOff = () =>
  new Refusal(410, "Issues has been disabled in this repository.", {
    documentation: "https://docs.github.com/v3/issues/",
  });

function fits(context) {
  const { query, repository, world } = context;
  const state = query.get("state") ?? "open";
  const names =
    query
      .get("labels")
      ?.split(",")
      .map((name) => name.trim().toLowerCase()) ?? [];
  const person = (name) =>
    query.has(name) ? world.logins.get(query.get(name).toLowerCase()) : undefined;
  const assignee = query.get("assignee");
  const assignee_id = person("assignee");
  const creator_id = person("creator");
  const milestone = query.get("milestone");
  const named = (issue) => issue.labels.map((id) => repository.labels.get(id).name.toLowerCase());
  return (issue) =>
    (state === "all" || issue.state === state) &&
    (names.length === 0 || names.every((name) => named(issue).includes(name))) &&
    (assignee === null ||
      (assignee === "none"
        ? issue.assignees.length === 0
        : assignee === "*"
          ? issue.assignees.length > 0
          : issue.assignees.includes(assignee_id))) &&
    (!query.has("creator") || issue.user_id === creator_id) &&
    (milestone === null ||
      (milestone === "none"
        ? issue.milestone === null
        : milestone === "*"
          ? issue.milestone !== null
          : issue.milestone === Number(milestone)));
}

// A cursor of the order by comments needs the count in the entry itself.
function entriesOf(repository) {
  for (const issue of repository.issues.values())
    issue.comments = commentCount(repository, issue.number);
  return live(repository.issues);
}

function issues(context) {
  const { world, repository, query } = context;
  if (!repository.has_issues) throw switchedOff();
  const column = COLUMNS[query.get("sort") ?? "created"];
  if (!column) throw unprocessable("Issue", "sort");
  const isAscending = query.get("direction") === "asc";
  const all = sorted(repository, "issues", column, () => entriesOf(repository));
  const list = sinceFilter(world, all, sinceOf(query), "updated_at").filter(fits(context));
  const shown = list.filter((one) => one.created_at + world.switches.list_lag <= world.now());
  if (!isAscending) shown.reverse();
  const { items, link } = cursored(context, shown, { column, isAscending, documentation: LIST });
  return { document: items.map((one) => listedIssue(world, repository, one)), link };
}

// Refuses what was deleted, transferred or never there.
export function issueOf(context) {
  const { world, repository, params, caller } = context;
  const issue = repository.issues.get(Number(params.number));
  if (!issue) throw notFound();
  if (issue.gone?.reason === "transferred") {
    const target = world.repositories.get(issue.gone.to_repository_id);
    if (roleOf(world, caller, target) === null) throw notFound();
    throw moved(`${world.url}/repositories/${target.id}/issues/${issue.gone.to_number}`);
  }
  if (issue.gone)
    throw new Refusal(410, "This issue was deleted", {
      documentation: "https://docs.github.com/v3/issues/",
    });
  if (!repository.has_issues && !issue.pull) throw switchedOff();
  return issue;
}

function issue(context) {
  const found = issueOf(context);
  return {
    document: singleIssue(context.world, context.repository, found),
    changed_at: found.updated_at,
  };
}

function createIssue(context) {
  const { world, repository, body, role } = context;
  if (!repository.has_issues) throw switchedOff();
  context.need("read");
  if (!body.title) throw unprocessable("Issue", "title", "missing_field");
  // GitHub drops labels, assignees and milestone silently when the caller may not push.
  const wanted = role === "read" ? { title: body.title, body: body.body } : { ...body };
  if (wanted.labels) wanted.labels = knownLabels(context, wanted.labels.map((one) => one.name ?? one));
  const { number } = acts.create_issue(world, context.args(wanted));
  return { status: 201, document: singleIssue(world, repository, repository.issues.get(number)) };
}

function editIssue(context) {
  const { world, repository, body } = context;
  context.need("triage");
  const found = issueOf(context);
  const args = (more) => context.args({ ...more, number: found.number });
  if ("title" in body || "body" in body)
    acts.edit_issue(world, args({ ...pick(body, "title", "body") }));
  if (body.state === "closed") acts.close_issue(world, args({ reason: body.state_reason }));
  if (body.state === "open") acts.reopen_issue(world, args({}));
  if (body.labels)
    setLabels(
      context,
      found,
      body.labels.map((one) => one.name ?? one),
    );
  if (body.assignees) setAssignees(context, found, body.assignees);
  if ("milestone" in body) acts.milestone_issue(world, args({ milestone: body.milestone }));
  return { document: singleIssue(world, repository, found) };
}

const pick = (body, ...names) =>
  Object.fromEntries(names.filter((name) => name in body).map((name) => [name, body[name]]));

function setLabels(context, issue, names) {
  const { world, repository } = context;
  const wanted = names.map((name) => name.toLowerCase());
  for (const id of [...issue.labels]) {
    const { name } = repository.labels.get(id);
    if (!wanted.includes(name.toLowerCase()))
      acts.unlabel_issue(world, context.args({ number: issue.number, name }));
  }
  addLabels(context, issue, names);
}

// Whoever may push makes a label by naming it; for others an unknown one is passed over.
function knownLabels(context, names) {
  const { world, repository, role } = context;
  return names.filter((name) => {
    const isKnown = live(repository.labels).some(
      (label) => label.name.toLowerCase() === name.toLowerCase(),
    );
    if (!isKnown && reaches(role, "write")) create_label(world, context.args({ name }));
    return isKnown || reaches(role, "write");
  });
}

function addLabels(context, issue, names) {
  for (const name of knownLabels(context, names))
    acts.label_issue(context.world, context.args({ number: issue.number, name }));
}

function setAssignees(context, issue, logins) {
  const { world } = context;
  const ids = logins.map((login) => world.user(login).id);
  for (const id of [...issue.assignees])
    if (!ids.includes(id))
      acts.unassign_issue(
        world,
        context.args({ number: issue.number, user: world.users.get(id).login }),
      );
  for (const user of logins) acts.assign_issue(world, context.args({ number: issue.number, user }));
}

const labelsOf = ({ world, repository }, issue) =>
  issue.labels.map((id) => labelDocument(world, repository, repository.labels.get(id)));

function issueLabels(context) {
  const { items, link } = numbered(context, labelsOf(context, issueOf(context)));
  return { document: items, link };
}

function changeLabels(change) {
  return (context) => {
    context.need("triage");
    const found = issueOf(context);
    const names = (Array.isArray(context.body) ? context.body : (context.body.labels ?? [])).map(
      (one) => one.name ?? one,
    );
    change(context, found, names);
    return { document: labelsOf(context, found) };
  };
}

function removeLabel(context) {
  context.need("triage");
  const found = issueOf(context);
  const { name } = context.params;
  const isThere = found.labels.some(
    (id) => context.repository.labels.get(id).name.toLowerCase() === name.toLowerCase(),
  );
  if (!isThere) throw new Refusal(404, "Label does not exist");
  acts.unlabel_issue(
    context.world,
    context.args({ number: found.number, name }),
  );
  return { document: labelsOf(context, found) };
}

// Who may not be assigned is passed over silently, and so is everybody for who may not push.
function changeAssignees(change) {
  return (context) => {
    const { world, repository, role, body } = context;
    context.need("read");
    const found = issueOf(context);
    for (const login of reaches(role, "triage") ? (body.assignees ?? []) : []) {
      const id = world.logins.get(login.toLowerCase());
      if (id !== undefined) change(world, context.args({ number: found.number, user: login }));
    }
    return { status: change === acts.assign_issue ? 201 : 200, document: singleIssue(world, repository, found) };
  };
}

export const issueRoutes = [
  ["GET", "issues", issues],
  ["POST", "issues", createIssue],
  ["GET", "issues/:number", issue],
  ["PATCH", "issues/:number", editIssue],
  ["GET", "issues/:number/labels", issueLabels],
  ["POST", "issues/:number/labels", changeLabels(addLabels)],
  ["PUT", "issues/:number/labels", changeLabels(setLabels)],
  ["DELETE", "issues/:number/labels/:name", removeLabel],
  ["POST", "issues/:number/assignees", changeAssignees(acts.assign_issue)],
  ["DELETE", "issues/:number/assignees", changeAssignees(acts.unassign_issue)],
];
