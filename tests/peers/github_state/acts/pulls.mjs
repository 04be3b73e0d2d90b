// These acts change pull requests. An issue's `pull` holds what only a pull request has.
import { createHash } from "node:crypto";

import { add_issue, announce, touch } from "./issues.mjs";

export const sha = (...words) => createHash("sha1").update(words.join(" ")).digest("hex");

export function make_file(filename, seed, more = {}) {
  const additions = more.additions ?? 1 + (seed % 40);
  const deletions = more.deletions ?? seed % 7;
  return {
    filename,
    sha: more.sha === undefined ? sha("file", filename, seed) : more.sha,
    status: more.status ?? "modified",
    previous_filename: more.previous_filename ?? null,
    additions,
    deletions,
    changes: additions + deletions,
    patch:
      more.patch === undefined
        ? `@@ -1,${deletions + 1} +1,${additions + 1} @@\n one\n+${seed}`
        : more.patch,
  };
}

const files_of = (args) =>
  (args.files ?? []).map((file, index) =>
    typeof file === "string" ? make_file(file, index) : make_file(file.filename, index, file),
  );

export function make_pull(world, repository, args) {
  return {
    id: world.id("pull"),
    draft: args.draft ?? false,
    base_ref: args.base ?? repository.default_branch,
    base_sha: args.base_sha ?? sha("base", repository.id),
    head_ref: args.head ?? "topic",
    head_sha: args.head_sha ?? sha("head", repository.id, repository.next_number),
    head_repo_id: args.head_repository ? world.repository(args.head_repository).id : repository.id,
    head_user_id: args.head_repository
      ? world.repository(args.head_repository).owner_id
      : repository.owner_id,
    merged_at: null,
    merged_by_id: null,
    merge_commit_sha: null,
    mergeable: args.mergeable ?? true,
    mergeable_state: args.mergeable_state ?? "clean",
    times_asked: 0,
    review_comments: args.review_comments ?? 0,
    commits: args.commits ?? 1,
    maintainer_can_modify: false,
    requested_reviewers: [],
    files: files_of(args),
  };
}

const result = (issue) => ({
  id: issue.pull.id,
  issue_id: issue.id,
  number: issue.number,
  head_sha: issue.pull.head_sha,
});

export function create_pull(world, args) {
  const repository = world.repository(args.repository);
  const pull = make_pull(world, repository, args);
  const issue = add_issue(world, repository, { title: "A pull request", ...args }, pull);
  pull.merge_commit_sha = sha("test merge", pull.head_sha);
  announce(world, repository, issue, "opened", args);
  return result(issue);
}

function change(world, args, action, apply) {
  const repository = world.repository(args.repository);
  const issue = world.liveIssue(repository, args.number);
  if (!issue.pull) throw new Error(`unable to change pull ${args.number}: it is an issue`);
  const extra = apply(repository, issue, issue.pull) ?? {};
  touch(world, repository, issue);
  announce(world, repository, issue, action, args, extra);
  return result(issue);
}

// Gives it a new head and the files of the new diff; without `files` one file is added.
export function push_pull(world, args) {
  return change(world, args, "synchronize", (repository, issue, pull) => {
    const before = pull.head_sha;
    pull.head_sha = args.head_sha ?? sha("push", before, repository.version);
    pull.merge_commit_sha = sha("test merge", pull.head_sha);
    pull.times_asked = 0;
    ++pull.commits;
    pull.files = args.files
      ? files_of(args)
      : [...pull.files, make_file(`pushed/${pull.commits}.txt`, pull.commits)];
    repository.pushed_at = world.now();
    return { more: { before, after: pull.head_sha } };
  });
}

// Moves it to the branch `base`, or to another commit of its own base.
export function rebase_pull(world, args) {
  return change(world, args, "edited", (repository, issue, pull) => {
    const changes = { base: { ref: { from: pull.base_ref }, sha: { from: pull.base_sha } } };
    pull.base_ref = args.base ?? pull.base_ref;
    pull.base_sha = args.base_sha ?? sha("base", pull.base_sha);
    pull.times_asked = 0;
    return { more: { changes } };
  });
}

export function merge_pull(world, args) {
  return change(world, args, "closed", (repository, issue, pull) => {
    if (issue.state === "closed")
      throw new Error(`unable to merge pull ${issue.number}: it is closed`);
    const by = world.user(args.by ?? world.users.get(repository.owner_id).login);
    Object.assign(issue, { state: "closed", closed_at: world.now(), closed_by_id: by.id });
    Object.assign(pull, {
      merged_at: world.now(),
      merged_by_id: by.id,
      mergeable: null,
      mergeable_state: "unknown",
      merge_commit_sha: sha("merge", pull.head_sha),
    });
    repository.pushed_at = world.now();
    return {};
  });
}

export function draft_pull(world, args) {
  const on = args.on ?? true;
  return change(
    world,
    args,
    on ? "converted_to_draft" : "ready_for_review",
    (repository, issue, pull) => {
      pull.draft = on;
    },
  );
}

export function request_review(world, args) {
  return change(world, args, "review_requested", (repository, issue, pull) => {
    const requested_reviewer = world.user(args.user);
    if (!pull.requested_reviewers.includes(requested_reviewer.id))
      pull.requested_reviewers.push(requested_reviewer.id);
    return { requested_reviewer };
  });
}

export function unrequest_review(world, args) {
  return change(world, args, "review_request_removed", (repository, issue, pull) => {
    const requested_reviewer = world.user(args.user);
    pull.requested_reviewers = pull.requested_reviewers.filter(
      (id) => id !== requested_reviewer.id,
    );
    return { requested_reviewer };
  });
}

// Reviews it: that event has the short form of the pull request.
export function review_pull(world, args) {
  const repository = world.repository(args.repository);
  const issue = world.liveIssue(repository, args.number);
  const reviewer = world.user(args.by);
  issue.pull.requested_reviewers = issue.pull.requested_reviewers.filter(
    (id) => id !== reviewer.id,
  );
  touch(world, repository, issue);
  world.emit("pull_request_review", "submitted", repository, {
    by: args.by,
    issue,
    review: { user: reviewer, state: args.state ?? "approved", at: world.now() },
  });
  return result(issue);
}
