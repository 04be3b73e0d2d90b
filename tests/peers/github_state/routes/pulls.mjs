// Answers for pull requests and their files.
import { fileDocument, listedPull, singlePull } from "../documents/pull.mjs";
import { numbered } from "../paging.mjs";
import { notFound } from "../refusal.mjs";
import { commentCount, live, sorted } from "../world.mjs";

const FILES_MAX = 3000; // GitHub lists no more files of a pull request

const COLUMNS = {
  created: "created_at",
  updated: "updated_at",
  popularity: "comments",
  "long-running": "created_at",
};

function entriesOf(repository) {
  const pulls = live(repository.issues).filter((issue) => issue.pull);
  for (const issue of pulls) issue.comments = commentCount(repository, issue.number);
  return pulls;
}

function pulls(context) {
  const { world, repository, query } = context;
  const state = query.get("state") ?? "open";
  const sort = query.get("sort") ?? "created";
  const column = COLUMNS[sort] ?? "created_at";
  const isAscending = (query.get("direction") ?? (sort === "created" ? "desc" : "asc")) === "asc";
  const base = query.get("base");
  const head = query.get("head");
  const headOf = (issue) =>
    `${world.users.get(issue.pull.head_user_id).login}:${issue.pull.head_ref}`;
  const list = sorted(repository, "pulls", column, () => entriesOf(repository)).filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (base === null || issue.pull.base_ref === base) &&
      (head === null || headOf(issue) === head),
  );
  if (!isAscending) list.reverse();
  const { items, link } = numbered(context, list);
  return { document: items.map((one) => listedPull(world, repository, one)), link };
}

function pullOf({ repository, params }) {
  const issue = repository.issues.get(Number(params.number));
  if (!issue?.pull || issue.gone) throw notFound();
  return issue;
}

function pull(context) {
  const issue = pullOf(context);
  const document = singlePull(context.world, context.repository, issue);
  ++issue.pull.times_asked;
  return { document, changed_at: issue.updated_at };
}

function files(context) {
  const { world, repository } = context;
  const issue = pullOf(context);
  const { items, link } = numbered(context, issue.pull.files.slice(0, FILES_MAX));
  return { document: items.map((file) => fileDocument(world, repository, issue, file)), link };
}

export const pullRoutes = [
  ["GET", "pulls", pulls],
  ["GET", "pulls/:number", pull],
  ["GET", "pulls/:number/files", files],
];
