// GET /_state gives every fact as it is now, for an oracle. The code is separate from that of the
// API's documents, so a mistake there is not repeated here.
import { timeText } from "./clock.mjs";

const nodeId = (prefix, id) => `${prefix}_kwDO${Buffer.from(`${id}`).toString("base64url")}`;

const GONE = { deleted_at: null, deleted_reason: null };

function gone(record) {
  return record.gone
    ? { deleted_at: timeText(record.gone.at), deleted_reason: record.gone.reason }
    : GONE;
}

function person(world, id) {
  const user = id === null ? null : world.users.get(id);
  return !user || user.gone ? null : { id: user.id, login: user.login };
}

const people = (world, ids) => ids.map((id) => person(world, id)).filter((one) => one !== null);

function userFacts(world, user) {
  const { members, gone: _, ...facts } = user;
  const public_repos = [...world.repositories.values()].filter(
    (one) => one.owner_id === user.id && !one.gone && !one.private,
  ).length;
  return {
    ...facts,
    node_id: `U_${Buffer.from(`User${user.id}`).toString("base64url")}`,
    public_repos,
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    created_at: timeText(user.created_at),
    updated_at: timeText(user.updated_at),
    ...gone(user),
  };
}

function labelFacts(label) {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    name: label.name,
    color: label.color,
    description: label.description,
    default: label.default,
    ...gone(label),
  };
}

function milestoneFacts(world, repository, milestone) {
  const count = (state) =>
    [...repository.issues.values()].filter(
      (issue) => !issue.gone && issue.milestone === milestone.number && issue.state === state,
    ).length;
  return {
    id: milestone.id,
    node_id: nodeId("MI", milestone.id),
    number: milestone.number,
    state: milestone.state,
    title: milestone.title,
    description: milestone.description,
    creator: person(world, milestone.creator_id),
    open_issues: count("open"),
    closed_issues: count("closed"),
    created_at: timeText(milestone.created_at),
    updated_at: timeText(milestone.updated_at),
    closed_at: timeText(milestone.closed_at),
    due_on: timeText(milestone.due_on),
    ...gone(milestone),
  };
}

// Rows of `issue` and of `pull_request` both have these columns.
function shared(world, repository, issue) {
  const milestone = issue.milestone === null ? null : repository.milestones.get(issue.milestone);
  return {
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    locked: issue.locked,
    user: person(world, issue.user_id),
    assignees: people(world, issue.assignees),
    labels: issue.labels.map((id) => ({ id, name: repository.labels.get(id).name })),
    milestone: milestone && { id: milestone.id, number: milestone.number },
    author_association: issue.author_association,
    comments: 0,
    created_at: timeText(issue.created_at),
    updated_at: timeText(issue.updated_at),
    closed_at: timeText(issue.closed_at),
  };
}

function issueFacts(world, repository, issue, comments) {
  return {
    id: issue.id,
    node_id: nodeId("I", issue.id),
    is_pull_request: issue.pull !== null,
    ...shared(world, repository, issue),
    comments,
    state_reason: issue.state_reason,
    type: issue.type,
    active_lock_reason: issue.active_lock_reason,
    closed_by: person(world, issue.closed_by_id),
    reactions: issue.reactions,
    ...gone(issue),
    transferred_to_repository_id: issue.gone?.to_repository_id ?? null,
    transferred_to_number: issue.gone?.to_number ?? null,
  };
}

function pullFacts(world, repository, issue, comments) {
  const { pull } = issue;
  return {
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    ...shared(world, repository, issue),
    comments,
    draft: pull.draft,
    base: { ref: pull.base_ref, sha: pull.base_sha },
    head: { ref: pull.head_ref, sha: pull.head_sha, repo_id: pull.head_repo_id },
    merged: pull.merged_at !== null,
    merged_at: timeText(pull.merged_at),
    merged_by: person(world, pull.merged_by_id),
    mergeable: pull.mergeable,
    mergeable_state: pull.mergeable_state,
    merge_commit_sha: pull.merge_commit_sha,
    review_comments: pull.review_comments,
    commits: pull.commits,
    additions: pull.files.reduce((sum, one) => sum + one.additions, 0),
    deletions: pull.files.reduce((sum, one) => sum + one.deletions, 0),
    changed_files: pull.files.length,
    requested_reviewers: people(world, pull.requested_reviewers),
    files: pull.files,
    ...gone(issue),
  };
}

function commentFacts(world, comment) {
  return {
    id: comment.id,
    number: comment.number,
    user: person(world, comment.user_id),
    body: comment.body,
    created_at: timeText(comment.created_at),
    updated_at: timeText(comment.updated_at),
    ...gone(comment),
  };
}

function hookFacts(hook) {
  const { secret, ...config } = hook.config;
  return {
    id: hook.id,
    name: hook.name,
    url: hook.config.url,
    config,
    events: hook.events,
    active: hook.active,
    last_response: hook.last_response,
    created_at: timeText(hook.created_at),
    updated_at: timeText(hook.updated_at),
    ...gone(hook),
  };
}

const OWN = [
  "id",
  "name",
  "private",
  "description",
  "homepage",
  "language",
  "topics",
  "default_branch",
  "parent_id",
  "archived",
  "disabled",
  "is_template",
  "size",
  "stargazers_count",
  "has_issues",
  "has_projects",
  "has_downloads",
  "has_wiki",
  "has_pages",
  "has_discussions",
];

function repositoryFacts(world, repository, open) {
  const owner = world.users.get(repository.owner_id);
  return {
    ...Object.fromEntries(OWN.map((name) => [name, repository[name]])),
    node_id: nodeId("R", repository.id),
    owner: { id: owner.id, login: owner.login },
    organization: owner.type === "Organization" ? { id: owner.id, login: owner.login } : null,
    fork: repository.parent_id !== null,
    visibility: repository.private ? "private" : "public",
    watchers_count: repository.stargazers_count,
    forks_count: [...world.repositories.values()].filter(
      (one) => one.parent_id === repository.id && !one.gone,
    ).length,
    open_issues_count: open,
    created_at: timeText(repository.created_at),
    updated_at: timeText(repository.updated_at),
    pushed_at: timeText(repository.pushed_at),
    ...gone(repository),
  };
}

function everything(world, repository) {
  const issues = [...repository.issues.values()];
  const comments = [...repository.comments.values()];
  const counts = new Map();
  for (const comment of comments)
    if (!comment.gone) counts.set(comment.number, (counts.get(comment.number) ?? 0) + 1);
  const count = (issue) => counts.get(issue.number) ?? 0;
  const open = issues.filter((issue) => !issue.gone && issue.state === "open").length;
  return {
    full_name: world.fullName(repository),
    former_names: [...world.redirects]
      .filter(([, id]) => id === repository.id)
      .map(([name]) => name),
    repository: repositoryFacts(world, repository, open),
    labels: [...repository.labels.values()].map(labelFacts),
    milestones: [...repository.milestones.values()].map((one) =>
      milestoneFacts(world, repository, one),
    ),
    issues: issues.map((issue) => issueFacts(world, repository, issue, count(issue))),
    pull_requests: issues
      .filter((issue) => issue.pull)
      .map((issue) => pullFacts(world, repository, issue, count(issue))),
    issue_comments: comments.map((comment) => commentFacts(world, comment)),
    hooks: [...repository.hooks.values()].map(hookFacts),
    collaborators: [...repository.collaborators].map(([id, role]) => ({
      user: person(world, id),
      role,
    })),
  };
}

// Returns the facts of one repository, by name or id, or of all.
export function facts(world, name) {
  const wanted =
    name === null
      ? [...world.repositories.values()]
      : [world.repository(/^\d+$/.test(name) ? Number(name) : name)];
  return {
    now: timeText(world.now()),
    switches: world.switches,
    users: [...world.users.values()].map((user) => userFacts(world, user)),
    repositories: wanted.map((repository) => everything(world, repository)),
  };
}
