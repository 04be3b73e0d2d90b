// These acts change issues. A pull request is an issue that has a `pull`, so most of them change
// pull requests too.
import { secondsOf } from "../clock.mjs";
import { live } from "../world.mjs";

export function add_issue(world, repository, args, pull = null) {
  const author = world.user(args.by ?? world.users.get(repository.owner_id).login);
  const now = args.created_at ? secondsOf(args.created_at) : world.now();
  const issue = {
    id: world.id("issue"),
    number: repository.next_number++,
    state: "open",
    state_reason: null,
    type: args.type ?? null,
    title: args.title ?? "An issue",
    body: args.body ?? null,
    user_id: author.id,
    labels: (args.labels ?? []).map((name) => world.label(repository, name).id),
    assignees: (args.assignees ?? []).map((login) => world.user(login).id),
    milestone: args.milestone ? world.milestone(repository, args.milestone).number : null,
    locked: false,
    active_lock_reason: null,
    reactions: args.reactions ?? 0,
    author_association: association(repository, author),
    created_at: now,
    updated_at: args.updated_at ? secondsOf(args.updated_at) : now,
    closed_at: null,
    closed_by_id: null,
    pull,
    gone: null,
  };
  repository.issues.set(issue.number, issue);
  touch_milestone(world, repository, issue);
  ++repository.version;
  return issue;
}

// The association is that of the moment when the issue was opened.
export function association(repository, author) {
  if (author.id === repository.owner_id) return "OWNER";
  return repository.collaborators.has(author.id) ? "COLLABORATOR" : "NONE";
}

// A milestone counts its issues, so a change of them is a change of it.
function touch_milestone(world, repository, issue) {
  if (issue.milestone !== null) repository.milestones.get(issue.milestone).updated_at = world.now();
}

export function touch(world, repository, issue) {
  issue.updated_at = Math.max(issue.updated_at, world.now());
  ++repository.version;
}

export function announce(world, repository, issue, action, args, extra = {}) {
  world.emit(issue.pull ? "pull_request" : "issues", action, repository, {
    by: args.by,
    issue,
    ...extra,
  });
}

const result = (issue) => ({ id: issue.id, number: issue.number });

// Changes the issue that the arguments name, dates the change, and sends the event.
function change(world, args, action, apply) {
  const repository = world.repository(args.repository);
  const issue = world.liveIssue(repository, args.number);
  const extra = apply(repository, issue);
  if (extra === false) return { ...result(issue), unchanged: true };
  touch(world, repository, issue);
  announce(world, repository, issue, action, args, extra ?? {});
  return result(issue);
}

export function create_issue(world, args) {
  const repository = world.repository(args.repository);
  const issue = add_issue(world, repository, args);
  announce(world, repository, issue, "opened", args);
  return result(issue);
}

export function edit_issue(world, args) {
  return change(world, args, "edited", (repository, issue) => {
    const changes = {};
    for (const field of ["title", "body"]) {
      if (!(field in args) || args[field] === issue[field]) continue;
      changes[field] = { from: issue[field] ?? "" };
      issue[field] = args[field];
    }
    if ("type" in args) issue.type = args.type;
    if ("reactions" in args) issue.reactions = args.reactions;
    return { more: { changes } };
  });
}

export function close_issue(world, args) {
  return change(world, args, "closed", (repository, issue) => {
    if (issue.state === "closed") return false;
    issue.state = "closed";
    issue.state_reason = issue.pull ? null : (args.reason ?? "completed");
    issue.closed_at = world.now();
    issue.closed_by_id = world.user(args.by ?? world.users.get(repository.owner_id).login).id;
    touch_milestone(world, repository, issue);
    return {};
  });
}

export function reopen_issue(world, args) {
  return change(world, args, "reopened", (repository, issue) => {
    if (issue.state === "open" || issue.pull?.merged_at) return false;
    Object.assign(issue, {
      state: "open",
      closed_at: null,
      closed_by_id: null,
      state_reason: issue.pull ? null : "reopened",
    });
    touch_milestone(world, repository, issue);
    return {};
  });
}

export function lock_issue(world, args) {
  return change(world, args, "locked", (repository, issue) => {
    issue.locked = true;
    issue.active_lock_reason = args.reason ?? null;
  });
}

export function unlock_issue(world, args) {
  return change(world, args, "unlocked", (repository, issue) => {
    issue.locked = false;
    issue.active_lock_reason = null;
  });
}

export function label_issue(world, args) {
  return change(world, args, "labeled", (repository, issue) => {
    const label = world.label(repository, args.name);
    if (issue.labels.includes(label.id)) return false;
    issue.labels.push(label.id);
    return { label };
  });
}

export function unlabel_issue(world, args) {
  return change(world, args, "unlabeled", (repository, issue) => {
    const label = world.label(repository, args.name);
    if (!issue.labels.includes(label.id)) return false;
    issue.labels = issue.labels.filter((id) => id !== label.id);
    return { label };
  });
}

export function assign_issue(world, args) {
  return change(world, args, "assigned", (repository, issue) => {
    const assignee = world.user(args.user);
    if (issue.assignees.includes(assignee.id)) return false;
    issue.assignees.push(assignee.id);
    return { assignee };
  });
}

export function unassign_issue(world, args) {
  return change(world, args, "unassigned", (repository, issue) => {
    const assignee = world.user(args.user);
    if (!issue.assignees.includes(assignee.id)) return false;
    issue.assignees = issue.assignees.filter((id) => id !== assignee.id);
    return { assignee };
  });
}

// `milestone` null removes the issue's milestone.
export function milestone_issue(world, args) {
  const isTaken = args.milestone === null;
  return change(world, args, isTaken ? "demilestoned" : "milestoned", (repository, issue) => {
    const number = isTaken ? issue.milestone : args.milestone;
    if (number === null || (!isTaken && issue.milestone === number)) return false;
    const milestone = world.milestone(repository, number);
    touch_milestone(world, repository, issue);
    issue.milestone = isTaken ? null : milestone.number;
    touch_milestone(world, repository, issue);
    return { milestone };
  });
}

function leave(world, repository, issue, gone) {
  touch_milestone(world, repository, issue);
  issue.gone = gone;
  for (const comment of repository.comments.values())
    if (comment.number === issue.number && !comment.gone) comment.gone = { ...gone };
  ++repository.version;
}

// Pull requests cannot be deleted at GitHub.
export function delete_issue(world, args) {
  const repository = world.repository(args.repository);
  const issue = world.liveIssue(repository, args.number);
  if (issue.pull) throw new Error(`unable to delete issue ${issue.number}: it is a pull request`);
  announce(world, repository, issue, "deleted", args);
  leave(world, repository, issue, { reason: "deleted", at: world.now() });
  return result(issue);
}

// The new issue has a new id and number, and the labels that its repository knows by name. Its
// comments are copies with new ids, or with `comments: "moved"` the same ones.
export function transfer_issue(world, args) {
  const repository = world.repository(args.repository);
  const issue = world.liveIssue(repository, args.number);
  const target = world.repository(args.to);
  if (issue.pull || target === repository)
    throw new Error(`unable to transfer issue ${issue.number} to '${args.to}'`);
  const moved = {
    ...issue,
    id: world.id("issue"),
    number: target.next_number++,
    milestone: null,
    updated_at: Math.max(issue.updated_at, world.now()),
    assignees: [...issue.assignees],
    labels: known_labels(repository, target, issue),
  };
  target.issues.set(moved.number, moved);
  move_comments(world, repository, target, issue, moved, args.comments === "moved");
  ++target.version;
  announce(world, repository, issue, "transferred", args, { transferred_to: [target, moved] });
  leave(world, repository, issue, {
    reason: "transferred",
    at: world.now(),
    to_repository_id: target.id,
    to_number: moved.number,
  });
  announce(world, target, moved, "opened", args, { transferred_from: [repository, issue] });
  return { ...result(moved), repository: world.fullName(target) };
}

function known_labels(repository, target, issue) {
  const names = issue.labels.map((id) => repository.labels.get(id).name.toLowerCase());
  return live(target.labels)
    .filter((label) => names.includes(label.name.toLowerCase()))
    .map((label) => label.id);
}

function move_comments(world, repository, target, issue, moved, keepsIds) {
  for (const comment of [...repository.comments.values()]) {
    if (comment.number !== issue.number || comment.gone) continue;
    const copy = {
      ...comment,
      number: moved.number,
      id: keepsIds ? comment.id : world.id("comment"),
    };
    if (keepsIds) repository.comments.delete(comment.id);
    target.comments.set(copy.id, copy);
    target.comment_counts.set(moved.number, (target.comment_counts.get(moved.number) ?? 0) + 1);
  }
}
