// Starts the stand-in, leads it through several states, asks every route in each of them, and holds
// all answers and deliveries against what GitHub and octokit publish. Prints the counts, and each
// problem as an error; fails when there is one.
import { disagreements, fileDisagreements } from "./agreement.mjs";
import { memberProblems } from "./members.mjs";
import { checkRequest } from "./openapi.mjs";
import { Standin } from "./standin.mjs";
import { Verdicts } from "./verdicts.mjs";

const verdicts = new Verdicts();
const standin = new Standin();
const url = await standin.listen(0);
standin.webhooks.set({ recorded: true });

const HEADERS = {
  "User-Agent": "check",
  Accept: "application/vnd.github+json",
  "X-GitHub-Api-Version": "2022-11-28",
};

async function control(...acts) {
  const response = await fetch(`${url}/_control`, { method: "POST", body: JSON.stringify(acts) });
  const made = await response.json();
  if (response.status !== 200) throw new Error(made.error);
  return made;
}

// Judges the answer and returns its document; `expected` is the status.
async function ask(
  path,
  { token = "owner", method = "GET", body, expected = 200, more = {} } = {},
) {
  const headers = { ...HEADERS, ...more, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const response = await fetch(path.startsWith("http") ? path : url + path, {
    method,
    headers,
    redirect: "manual",
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  const document = text === "" ? undefined : JSON.parse(text);
  const asked = path.replace(url, "");
  if (response.status !== expected)
    verdicts.problems.push(
      `${method} ${asked}: ${response.status}, not ${expected}: ${text.slice(0, 200)}`,
    );
  const problem = checkRequest(
    method,
    asked,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  );
  if (problem) verdicts.problems.push(problem);
  verdicts.answer(method, asked, response.status, document);
  return { document, headers: response.headers };
}

const LISTS = [
  "labels",
  "milestones?state=all",
  "issues?state=all&sort=updated&direction=asc",
  "issues?state=all&since=2001-01-01T00:00:00Z&sort=comments",
  "issues/comments?sort=updated",
  "pulls?state=all&sort=created&direction=asc",
  "pulls?state=all&sort=updated&direction=desc",
];

// Returns the items of all pages of a list.
async function walk(path, options) {
  const items = [];
  for (let next = path; next;) {
    const { document, headers } = await ask(next, options);
    items.push(...document);
    next = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
  }
  return items;
}

async function askAll(prefix, options = {}) {
  await ask(prefix, options);
  for (const list of LISTS)
    for (const item of (
      await walk(`${prefix}/${list}${list.includes("?") ? "&" : "?"}per_page=20`, options)
    ).slice(0, 30))
      await ask(item.url.replace(url, ""), options);
  for (const pull of (await ask(`${prefix}/pulls?state=all`, options)).document) {
    await walk(`${prefix}/pulls/${pull.number}/files?per_page=3`, options);
    await walk(`${prefix}/issues/${pull.number}/comments?per_page=1`, options);
  }
}

async function empty() {
  await control(
    { do: "create_user", login: "alice", name: "Alice" },
    { do: "create_user", login: "bob" },
    { do: "create_user", login: "guild", type: "Organization" },
    { do: "token", token: "owner", user: "alice", scopes: ["repo", "admin:repo_hook"] },
    { do: "token", token: "stranger", user: "bob" },
    { do: "limit", limit: 100_000 },
    { do: "limit", token: "owner", limit: 100_000 },
    { do: "create_repository", owner: "alice", name: "notes" },
    { do: "create_repository", owner: "guild", name: "tools", parent: "alice/notes" },
    { do: "create_repository", owner: "alice", name: "secret", private: true },
  );
  await askAll("/repos/alice/notes");
  await askAll("/repos/guild/tools", { token: null });
  for (const path of [
    "/user",
    "/user/repos",
    "/users/alice",
    "/users/guild",
    "/user/1000",
    "/users/alice/repos",
    "/rate_limit",
  ])
    await ask(path);
  await ask("/user", { token: null, expected: 401 });
}

async function hooks() {
  const path = "/repos/alice/notes/hooks";
  const receiver = `${url}/nowhere`;
  const body = {
    name: "web",
    events: ["issues", "pull_request"],
    config: { url: receiver, content_type: "json", secret: "s" },
  };
  const { document: hook } = await ask(path, { method: "POST", body, expected: 201 });
  await ask(path, { method: "POST", body, expected: 422 });
  await ask(path, { token: "stranger", expected: 404 });
  await ask(`${path}/${hook.id}`);
  await ask(`${path}/${hook.id}`, { method: "PATCH", body: { add_events: ["label"] } });
  await ask(`${path}/${hook.id}/pings`, { method: "POST", expected: 204 });
  await control({ do: "create_issue", repository: "alice/notes" }, { do: "drain" });
  const {
    document: [delivery],
  } = await ask(`${path}/${hook.id}/deliveries?per_page=1`);
  await ask(`${path}/${hook.id}/deliveries/${delivery.id}`);
  await ask(`${path}/${hook.id}/deliveries/${delivery.id}/attempts`, {
    method: "POST",
    expected: 202,
  });
  await ask(path);
  await control({ do: "drain" });
  await ask(`${path}/${hook.id}`, { method: "DELETE", expected: 204 });
  await ask(`${path}/${hook.id}`, { expected: 404 });
}

async function filled() {
  await control({
    do: "fill",
    repository: "alice/notes",
    issues: 60,
    pulls: 25,
    labels: 12,
    milestones: 5,
    users: 8,
    comments: 50,
    files_per_pull: 4,
    seed: 5,
  });
  await askAll("/repos/alice/notes");
  const {
    document: { id },
  } = await ask("/repos/alice/notes");
  await askAll(`/repositories/${id}`, { token: null });
}

// Checks which members each kind of document has.
async function members() {
  const path = "/repos/alice/notes";
  const documentAt = async (place) => (await ask(place)).document;
  const judge = (kind, document) => verdicts.problems.push(...memberProblems(kind, document));
  const all = await documentAt(`${path}/issues?state=all&per_page=100`);
  const issue = all.find((one) => !("pull_request" in one));
  judge("listed issue", issue);
  judge("single issue", await documentAt(`${path}/issues/${issue.number}`));
  judge("nested user", issue.user);
  judge("user", await documentAt(`/users/${issue.user.login}`));
  judge(
    "pull request as an issue",
    all.find((one) => "pull_request" in one),
  );
  const [pull] = await documentAt(`${path}/pulls?state=all`);
  judge("listed pull request", pull);
  judge("nested repository", pull.base.repo);
  judge("single pull request", await documentAt(`${path}/pulls/${pull.number}`));
  judge("file", (await documentAt(`${path}/pulls/${pull.number}/files`))[0]);
  judge("label", (await documentAt(`${path}/labels`))[0]);
  judge("milestone", (await documentAt(`${path}/milestones?state=all`))[0]);
  judge("comment", (await documentAt(`${path}/issues/comments`))[0]);
  judge("repository of an organization", await documentAt("/repos/guild/tools"));
  await control({ do: "create_hook", repository: "alice/notes", url: `${url}/nowhere` });
  judge("hook", (await documentAt(`${path}/hooks`))[0]);
}

async function written() {
  const path = "/repos/alice/notes";
  await ask(`${path}/labels`, {
    method: "POST",
    body: { name: "new/label", color: "00ff00" },
    expected: 201,
  });
  await ask(`${path}/labels/new%2Flabel`, { method: "PATCH", body: { description: "d" } });
  const body = { title: "One", labels: ["new/label"], assignees: ["alice"] };
  const { document: issue } = await ask(`${path}/issues`, { method: "POST", body, expected: 201 });
  const own = `${path}/issues/${issue.number}`;
  await ask(own, {
    method: "PATCH",
    body: { title: "Two", state: "closed", state_reason: "not_planned" },
  });
  await ask(own, { method: "PATCH", body: { state: "open", labels: [], milestone: 1 } });
  await ask(`${own}/labels`, { method: "POST", body: { labels: ["new/label"] } });
  await ask(`${own}/labels`);
  await ask(`${own}/labels/new%2Flabel`, { method: "DELETE" });
  const { document: comment } = await ask(`${own}/comments`, {
    method: "POST",
    body: { body: "hello" },
    expected: 201,
  });
  await ask(`${path}/issues/comments/${comment.id}`, {
    method: "PATCH",
    body: { body: "changed" },
  });
  await ask(`${path}/issues/comments/${comment.id}`, { method: "DELETE", expected: 204 });
  await ask(`${path}/labels/new%2Flabel`, { method: "DELETE", expected: 204 });
  await ask(`${path}/issues`, { token: null, method: "POST", body, expected: 401 });
  await ask(`${path}/collaborators/bob/permission`);
  await ask(`${path}/collaborators/bob/permission`, { token: "stranger", expected: 403 });
}

async function changed() {
  await control(
    { do: "random", repository: "alice/notes", seed: 11, count: 800, to: "guild/tools" },
    {
      do: "create_pull",
      repository: "alice/notes",
      head_repository: "guild/tools",
      files: [
        "a.txt",
        {
          filename: "b.bin",
          patch: null,
          sha: null,
          status: "renamed",
          previous_filename: "c.bin",
        },
      ],
    },
    { do: "create_repository", owner: "bob", name: "fork", parent: "alice/notes" },
    { do: "create_pull", repository: "alice/notes", head_repository: "bob/fork" },
    { do: "delete_repository", repository: "bob/fork" },
    { do: "collaborator", repository: "alice/notes", user: "bob", role: "write" },
    { do: "collaborator", repository: "alice/notes", user: "bob", role: "admin" },
    { do: "collaborator", repository: "alice/notes", user: "bob", role: null },
    { do: "archive_repository", repository: "guild/tools" },
    { do: "archive_repository", repository: "guild/tools", on: false },
  );
  await askAll("/repos/alice/notes");
  await askAll("/repos/guild/tools");
  const [made] = await control({ do: "create_pull", repository: "alice/notes", head: "reviewed" });
  await control({ do: "review_pull", repository: "alice/notes", number: made.number, by: "bob" });
}

// Checks, after many acts, that the state says what the documents say.
async function agreed() {
  const state = await (await fetch(`${url}/_state`)).json();
  const judge = (problems) => verdicts.problems.push(...problems);
  for (const user of state.users)
    judge(disagreements("user", user, (await ask(`/users/${user.login}`)).document));
  for (const all of state.repositories.filter((one) => !one.repository.deleted_at)) {
    const path = `/repos/${all.full_name}`;
    const places = {
      label: [all.labels, (one) => `labels/${encodeURIComponent(one.name)}`],
      milestone: [all.milestones, (one) => `milestones/${one.number}`],
      issue: [all.issues, (one) => `issues/${one.number}`],
      pull: [all.pull_requests, (one) => `pulls/${one.number}`],
      comment: [all.issue_comments, (one) => `issues/comments/${one.id}`],
    };
    const mayHook = all.repository.owner.login === "alice";
    if (mayHook) places.hook = [all.hooks, (one) => `hooks/${one.id}`];
    judge(disagreements("repository", all.repository, (await ask(path)).document));
    for (const [kind, [records, place]] of Object.entries(places))
      for (const record of records.filter((one) => one.deleted_at === null))
        judge(disagreements(kind, record, (await ask(`${path}/${place(record)}`)).document));
    for (const pull of all.pull_requests) {
      const files = await walk(`${path}/pulls/${pull.number}/files?per_page=100`);
      if (files.length !== pull.files.length) verdicts.problems.push(`files of ${pull.number}`);
      pull.files.forEach((file, at) => judge(fileDisagreements(file, files[at])));
    }
  }
}

async function gone() {
  const [issue, other] = await control(
    { do: "create_issue", repository: "alice/notes" },
    { do: "create_issue", repository: "alice/notes" },
  );
  await control(
    { do: "delete_issue", repository: "alice/notes", number: issue.number },
    { do: "transfer_issue", repository: "alice/notes", number: other.number, to: "alice/secret" },
  );
  const own = (one) => `/repos/alice/notes/issues/${one.number}`;
  await ask(own(issue), { expected: 410 });
  await ask(own(other), { expected: 301 });
  await ask(own(other), { token: "stranger", expected: 404 });
  await ask("/repos/alice/secret", { token: "stranger", expected: 404 });
  await ask("/repos/alice/notes/issues?page=100&per_page=100", { expected: 422 });
  await control(
    { do: "privatise_repository", repository: "alice/notes" },
    { do: "publicise_repository", repository: "alice/notes" },
    { do: "rename_repository", repository: "alice/notes", name: "papers" },
    { do: "transfer_repository", repository: "alice/papers", owner: "guild" },
    { do: "switch_issues", repository: "guild/papers", on: false },
  );
  await ask("/repos/alice/notes", { expected: 301 });
  await ask("/repos/alice/papers/issues", { token: "owner", expected: 301 });
  await ask("/repos/guild/papers/issues", { expected: 410 });
  await control({ do: "delete_repository", repository: "guild/papers" });
  await ask("/repos/guild/papers", { expected: 404 });
}

async function app() {
  await control({ do: "app", id: 7, hook: { url: `${url}/nowhere`, secret: "s" } });
  const [{ id }] = await control({ do: "install", owner: "alice" });
  const { document } = await ask(`/app/installations/${id}/access_tokens`, {
    method: "POST",
    token: "a.b.c",
    body: {},
    expected: 201,
  });
  await ask("/repos/alice/secret", { token: document.token });
  const asApp = { token: "a.b.c" };
  await ask("/app", asApp);
  await ask("/app", { expected: 401 });
  await ask("/app/installations", asApp);
  await ask("/repos/alice/secret/installation", asApp);
  await control({ do: "create_issue", repository: "alice/secret" }, { do: "drain" });
  const { document: sent } = await ask("/app/hook/deliveries?per_page=5", asApp);
  await ask(`/app/hook/deliveries/${sent[0].id}`, asApp);
  const again = { ...asApp, method: "POST", expected: 202 };
  await ask(`/app/hook/deliveries/${sent[0].id}/attempts`, again);
  await ask("/repos/alice/secret/issues?state=all", { token: document.token });
  await control(
    { do: "create_repository", owner: "alice", name: "more" },
    { do: "change_installation", id, remove: ["alice/more"] },
    { do: "change_installation", id, add: ["alice/more"] },
    { do: "suspend_installation", id },
  );
  await ask("/repos/alice/secret", { token: document.token, expected: 403 });
  await control({ do: "suspend_installation", id, on: false }, { do: "uninstall", id });
  await ask("/repos/alice/secret", { token: document.token, expected: 401 });
}

async function gists() {
  const id = "feedfacefeedfacefeed";
  await control(
    { do: "create_gists", owner: "alice", count: 5 },
    { do: "create_gist", owner: "alice", id, file_count: 301, description: "many" },
    { do: "create_gist", owner: "alice", files: { "../x": { content: "<b>" }, e: {}, l: { bytes: 2_000_000 } } },
  );
  for (const item of await walk("/users/alice/gists?per_page=3")) await ask(`/gists/${item.id}`);
  await ask("/users/alice/gists?since=2001-01-01T00:00:00Z&per_page=100");
  await control({ do: "delete_gist", gist: id });
  await ask(`/gists/${id}`, { expected: 404 });
}

for (const part of [empty, gists, hooks, filled, members, written, changed, agreed, gone, app]) {
  await part();
  for (const { event, payload } of standin.webhooks.recorded.splice(0))
    verdicts.payload(event, payload);
}
standin.stop();
for (const name of verdicts.unused())
  verdicts.problems.push(`deviation '${name}' is needed no more`);
const problems = [...new Set(verdicts.problems)];
for (const problem of problems) console.error(problem);
const { answers, payloads } = verdicts.counts;
console.log(`answers ${answers} payloads ${payloads} problems ${problems.length}`);
process.exit(problems.length === 0 ? 0 : 1);
