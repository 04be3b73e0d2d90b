// Every document of an issue, pull request, label … that is found anywhere in the payloads of
// @octokit/webhooks-examples and the answers of @octokit/fixtures, with the columns that the mirror
// makes of it: a second reading of the same rules, for the tests alone. A line of JSON each:
// {where, relation, id, repository_id, document (text), columns, links, nested}.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

const time = (value) =>
  value == null ? value : new Date(typeof value === "number" ? value * 1000 : value).toISOString();
// Undefined where the document is absent, null where it is null.
const in_ = (document, name) => (document == null ? document : document[name]);
const person = (document, name) => ({
  [`${name}_id`]: in_(document[name], "id"),
  [`${name}_login`]: in_(document[name], "login"),
});
const pick = (document, names, read = (value) => value) =>
  Object.fromEntries(names.split(" ").map((name) => [name, read(document[name])]));
const times = (document, names) => pick(document, names, time);

const readers = {
  user: (d) => ({
    ...pick(d, "node_id login type site_admin avatar_url"),
    ...("followers" in d && {
      ...pick(d, "name company blog location email hireable bio"),
      public_repos_count: d.public_repos,
      public_gists_count: d.public_gists,
      followers_count: d.followers,
      following_count: d.following,
      ...times(d, "created_at updated_at"),
    }),
  }),
  repository: (d) => {
    const columns = {
      ...pick(d, "node_id name private visibility description homepage language topics"),
      ...pick(d, "default_branch fork archived disabled is_template size stargazers_count"),
      ...pick(d, "watchers_count forks_count open_issues_count has_issues has_projects"),
      ...pick(d, "has_downloads has_wiki has_pages has_discussions"),
      owner_id: d.owner?.id,
      owner_login: d.owner?.login ?? d.full_name?.split("/")[0],
      parent_id: d.parent?.id,
      ...times(d, "created_at updated_at pushed_at"),
    };
    const is_owned = d.owner?.type === "Organization";
    const owner = d.organization?.id ? d.organization : is_owned ? d.owner : null;
    if (owner || d.owner?.type) {
      columns.organization_id = owner?.id ?? null;
      columns.organization_login = owner?.login ?? null;
    }
    return columns;
  },
  repository_hook: (d) => {
    const { secret, ...config } = d.config;
    return { ...pick(d, "name events active last_response"), config, url: config.url,
             ...times(d, "created_at updated_at") };
  },
  label: (d) => ({ ...pick(d, "node_id name color description"), is_default: d.default }),
  milestone: (d) => ({
    ...pick(d, "number node_id state title description"),
    ...person(d, "creator"),
    open_issues_count: d.open_issues,
    closed_issues_count: d.closed_issues,
    ...times(d, "created_at updated_at closed_at"),
    due_at: time(d.due_on),
  }),
  issue: (d) => ({
    ...pick(d, "number node_id state state_reason title body locked active_lock_reason"),
    author_association: d.author_association,
    is_pull_request: "pull_request" in d,
    type: in_(d.type, "name"),
    ...person(d, "user"),
    ...person(d, "assignee"),
    ...person(d, "closed_by"),
    ...(d.state === "open" && { closed_by_id: null, closed_by_login: null }),
    milestone_id: in_(d.milestone, "id"),
    milestone_number: in_(d.milestone, "number"),
    comments_count: d.comments,
    reactions_count: in_(d.reactions, "total_count"),
    ...times(d, "created_at updated_at closed_at"),
  }),
  pull_request: (d) => ({
    ...pick(d, "number node_id state draft locked title body merge_commit_sha author_association"),
    ...person(d, "user"),
    ...person(d, "assignee"),
    milestone_id: in_(d.milestone, "id"),
    milestone_number: in_(d.milestone, "number"),
    base_ref: d.base.ref,
    base_sha: d.base.sha,
    head_repo_id: in_(d.head.repo, "id"),
    head_ref: d.head.ref,
    head_sha: d.head.sha,
    ...times(d, "created_at updated_at closed_at merged_at"),
    ...("merged" in d && {
      ...pick(d, "merged mergeable_state additions deletions changed_files"),
      ...person(d, "merged_by"),
      mergeable: d.mergeable ?? undefined,
      comments_count: d.comments,
      review_comments_count: d.review_comments,
      commits_count: d.commits,
      detail_at: time(d.updated_at),
    }),
  }),
  issue_comment: (d) => ({
    number: Number(d.issue_url.split("/").pop()),
    ...person(d, "user"),
    body: d.body,
    ...times(d, "created_at updated_at"),
  }),
};

// By their shapes, as one thing has many names: sender, creator, forkee, new_issue …
function relationOf(d) {
  const has = (names) => names.split(" ").every((name) => name in d);
  if (has("number base head")) return "pull_request";
  if (has("number repository_url events_url")) return "issue";
  if (has("number open_issues title")) return "milestone";
  if (has("issue_url body user")) return "issue_comment";
  if (has("config events active")) return "repository_hook";
  if (has("color name") && !has("path")) return "label";
  if (has("full_name")) return "repository";
  if (has("id name url") && /[/]repos[/][^/]+[/][^/]+$/.test(d.url)) return "repository";
  // An invitation has an id of its own.
  if (has("login id") && !has("inviter")) return "user";
  return undefined;
}

const ids = (list) => list && [...new Set(list.map(({ id }) => id))].sort((a, b) => a - b);
const linksOf = (d) => ({
  labels: ids(d.labels),
  assignees: ids(d.assignees),
  requested_reviewers: ids(d.requested_reviewers),
});

// The documents at any depth.
function* nestedIn(document) {
  for (const [name, member] of Object.entries(document)) {
    if (member === null || typeof member !== "object") continue;
    const relation = Array.isArray(member) ? undefined : relationOf(member);
    if (relation) yield [relation, member.id];
    yield* nestedIn(member);
  }
}

function visit(value, where, repository_id) {
  if (value === null || typeof value !== "object") return;
  const relation = Array.isArray(value) ? undefined : relationOf(value);
  if (relation) {
    const columns = readers[relation](value);
    const owned = !["user", "repository"].includes(relation);
    if (owned) columns.repository_id = value.base?.repo?.id ?? repository_id;
    const links = ["issue", "pull_request"].includes(relation) ? linksOf(value) : {};
    const document = JSON.stringify(value);
    const nested = [...nestedIn(value)];
    const line = { where, relation, id: value.id, repository_id, document, columns, links, nested };
    console.log(JSON.stringify(line));
  }
  for (const [name, member] of Object.entries(value))
    visit(member, `${where}/${name}`, repository_id);
}

// A repository of the whole, where the payload names none.
const some_repository = 1;
for (const { name, examples } of require("@octokit/webhooks-examples"))
  examples.forEach((example, i) =>
    visit(example, `${name}/${i}`, example.repository?.id ?? some_repository));

const folder = join(dirname(require.resolve("@octokit/fixtures")), "scenarios", "api.github.com");
for (const scenario of readdirSync(folder).sort()) {
  const file = join(folder, scenario, "normalized-fixture.json");
  JSON.parse(readFileSync(file)).forEach(({ response }, i) =>
    visit(response, `${scenario}/${i}`, some_repository));
}
