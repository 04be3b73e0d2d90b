// The peer of scripts/bench mirror: fills tables as github-to-sqlite does. One request after the
// other, following Link; each user, milestone, label, issue and link by an upsert of its own, which
// is a transaction. Pages hold a hundred, which is more than its thirty.
// usage: node mirror_fill.mjs URL TOKEN OWNER/NAME HOST USER DATABASE; prints
// {"seconds", "asking_seconds", "requests", "statements"}.
import pg from "pg";

const PAGES_MAX = 1000; // limit for a list; a fill has some hundred

const [url, token, repository, host, user, database] = process.argv.slice(2);
const client = new pg.Client({ host, user, database });
await client.connect();
await client.query(`
  drop schema if exists peer cascade;
  create schema peer;
  create table peer.users (id bigint primary key, login text, node_id text, avatar_url text,
    html_url text, type text, site_admin boolean);
  create table peer.milestones (id bigint primary key, number integer, title text, state text,
    description text, creator bigint, open_issues integer, closed_issues integer,
    created_at timestamptz, updated_at timestamptz, closed_at timestamptz, due_on timestamptz);
  create table peer.labels (id bigint primary key, name text, color text, description text);
  create table peer.issues (id bigint primary key, node_id text, number integer, title text,
    "user" bigint, state text, state_reason text, locked boolean, assignee bigint, milestone bigint,
    comments integer, author_association text, body text, type text, created_at timestamptz,
    updated_at timestamptz, closed_at timestamptz);
  create table peer.pull_requests (id bigint primary key, node_id text, number integer, title text,
    "user" bigint, state text, draft boolean, locked boolean, assignee bigint, milestone bigint,
    author_association text, body text, head text, base text, merge_commit_sha text,
    created_at timestamptz, updated_at timestamptz, closed_at timestamptz, merged_at timestamptz);
  create table peer.issues_labels (issues_id bigint, labels_id bigint,
    primary key (issues_id, labels_id));
  create table peer.labels_pull_requests (pull_requests_id bigint, labels_id bigint,
    primary key (pull_requests_id, labels_id));`);

let statements = 0;
const prepared = new Map(); // table → {name, text} of its upsert

// The names of tables and columns are those above; the values are parameters.
async function upsert(table, row, key = ["id"]) {
  const columns = Object.keys(row);
  if (!prepared.has(table)) {
    const names = columns.map((column) => `"${column}"`);
    const others = names.filter((name) => !key.includes(name.slice(1, -1)));
    const set = others.map((name) => `${name} = excluded.${name}`).join(", ");
    prepared.set(table, {
      name: table,
      text:
        `insert into peer.${table} (${names}) values (${columns.map((_, n) => `$${n + 1}`)}) ` +
        `on conflict (${key}) do ${set ? `update set ${set}` : "nothing"}`,
    });
  }
  ++statements;
  await client.query({ ...prepared.get(table), values: Object.values(row) });
  return row.id;
}

const saveUser = (one) =>
  one &&
  upsert("users", {
    id: one.id,
    login: one.login,
    node_id: one.node_id,
    avatar_url: one.avatar_url,
    html_url: one.html_url,
    type: one.type,
    site_admin: one.site_admin,
  });

async function saveMilestone(one) {
  if (!one) return null;
  return upsert("milestones", {
    id: one.id,
    number: one.number,
    title: one.title,
    state: one.state,
    description: one.description,
    creator: await saveUser(one.creator),
    open_issues: one.open_issues,
    closed_issues: one.closed_issues,
    created_at: one.created_at,
    updated_at: one.updated_at,
    closed_at: one.closed_at,
    due_on: one.due_on,
  });
}

async function saveLabels(labels, table, column, id) {
  for (const { id: labels_id, name, color, description } of labels) {
    await upsert("labels", { id: labels_id, name, color, description });
    await upsert(table, { [column]: id, labels_id }, [column, "labels_id"]);
  }
}

async function saveIssue(one) {
  await upsert("issues", {
    id: one.id,
    node_id: one.node_id,
    number: one.number,
    title: one.title,
    user: await saveUser(one.user),
    state: one.state,
    state_reason: one.state_reason,
    locked: one.locked,
    assignee: await saveUser(one.assignee),
    milestone: await saveMilestone(one.milestone),
    comments: one.comments,
    author_association: one.author_association,
    body: one.body,
    type: one.pull_request ? "pull" : "issue",
    created_at: one.created_at,
    updated_at: one.updated_at,
    closed_at: one.closed_at,
  });
  await saveLabels(one.labels, "issues_labels", "issues_id", one.id);
}

async function savePull(one) {
  await upsert("pull_requests", {
    id: one.id,
    node_id: one.node_id,
    number: one.number,
    title: one.title,
    user: await saveUser(one.user),
    state: one.state,
    draft: one.draft,
    locked: one.locked,
    assignee: await saveUser(one.assignee),
    milestone: await saveMilestone(one.milestone),
    author_association: one.author_association,
    body: one.body,
    head: one.head.sha,
    base: one.base.sha,
    merge_commit_sha: one.merge_commit_sha,
    created_at: one.created_at,
    updated_at: one.updated_at,
    closed_at: one.closed_at,
    merged_at: one.merged_at,
  });
  await saveLabels(one.labels, "labels_pull_requests", "pull_requests_id", one.id);
}

let requests = 0;
let asking = 0;

async function* pages(path) {
  let next = `${url}${path}`;
  for (let page = 0; next; ++page) {
    if (page >= PAGES_MAX) throw new Error(`unable to read '${path}': it has too many pages`);
    const begun = performance.now();
    const answer = await fetch(next, { headers: { Authorization: `Bearer ${token}` } });
    if (answer.status !== 200) throw new Error(`unable to read '${next}': ${answer.status}`);
    const items = await answer.json();
    asking += performance.now() - begun;
    ++requests;
    yield items;
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
  }
}

const begun = performance.now();
for await (const items of pages(`/repos/${repository}/issues?state=all&filter=all&per_page=100`))
  for (const one of items) await saveIssue(one);
for await (const items of pages(`/repos/${repository}/pulls?state=all&filter=all&per_page=100`))
  for (const one of items) await savePull(one);
const seconds = (performance.now() - begun) / 1000;
await client.end();
console.log(JSON.stringify({ seconds, asking_seconds: asking / 1000, requests, statements }));
