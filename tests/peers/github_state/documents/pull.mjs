// Makes the documents of pull requests, as lists have them and with details, and of their files.
import { timeText } from "../clock.mjs";
import { commentCount } from "../world.mjs";
import { nodeId, repositoryPage, repositoryUrl } from "./common.mjs";
import { carried } from "./issue.mjs";
import { plainRepository } from "./repository.mjs";
import { shortUser } from "./user.mjs";

function side(world, owner_id, ref, sha, repo) {
  const user = shortUser(world, owner_id);
  return { label: `${user?.login ?? "unknown"}:${ref}`, ref, sha, user, repo };
}

function links(url, issueUrl, sha, repositoryAddress) {
  const link = (href) => ({ href });
  return {
    self: link(url),
    html: link(""),
    issue: link(issueUrl),
    comments: link(`${issueUrl}/comments`),
    review_comments: link(`${url}/comments`),
    review_comment: link(`${repositoryAddress}/pulls/comments{/number}`),
    commits: link(`${url}/commits`),
    statuses: link(`${repositoryAddress}/statuses/${sha}`),
  };
}

// It is null when the fork was deleted.
function headRepository(world, repository, { head_repo_id }, base) {
  if (head_repo_id === null) return null;
  if (head_repo_id === repository.id) return base;
  return plainRepository(world, world.repositories.get(head_repo_id));
}

export function listedPull(world, repository, issue) {
  const { pull } = issue;
  const address = repositoryUrl(world, repository);
  const url = `${address}/pulls/${issue.number}`;
  const issueUrl = `${address}/issues/${issue.number}`;
  const page = `${repositoryPage(world, repository)}/pull/${issue.number}`;
  const base = plainRepository(world, repository);
  const head = headRepository(world, repository, pull, base);
  const document = {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    ...carried(world, repository, issue),
    merged_at: timeText(pull.merged_at),
    merge_commit_sha: pull.merge_commit_sha,
    requested_reviewers: pull.requested_reviewers
      .map((id) => shortUser(world, id))
      .filter((user) => user !== null),
    requested_teams: [],
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${address}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: `${address}/statuses/${pull.head_sha}`,
    head: side(world, pull.head_user_id, pull.head_ref, pull.head_sha, head),
    base: side(world, repository.owner_id, pull.base_ref, pull.base_sha, base),
    _links: links(url, issueUrl, pull.head_sha, address),
    auto_merge: null,
  };
  document._links.html.href = page;
  return document;
}

// GitHub computes it when first asked, and answers null meanwhile; the switch plays that.
function mergeability(world, pull) {
  const isUnknown =
    world.switches.mergeable === "lazy" && pull.merged_at === null && pull.times_asked === 0;
  return isUnknown
    ? { mergeable: null, rebaseable: null, mergeable_state: "unknown" }
    : {
        mergeable: pull.mergeable,
        rebaseable: pull.mergeable,
        mergeable_state: pull.mergeable_state,
      };
}

export function singlePull(world, repository, issue) {
  const { pull } = issue;
  const sum = (field) => pull.files.reduce((total, file) => total + file[field], 0);
  return {
    ...listedPull(world, repository, issue),
    merged: pull.merged_at !== null,
    ...mergeability(world, pull),
    merged_by: shortUser(world, pull.merged_by_id),
    comments: commentCount(repository, issue.number),
    review_comments: pull.review_comments,
    maintainer_can_modify: pull.maintainer_can_modify,
    commits: pull.commits,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: pull.files.length,
  };
}

export function fileDocument(world, repository, issue, file) {
  const { head_sha } = issue.pull;
  const page = repositoryPage(world, repository);
  const path = encodeURIComponent(file.filename);
  const document = {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.changes,
    blob_url: `${page}/blob/${head_sha}/${path}`,
    raw_url: `${page}/raw/${head_sha}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${head_sha}`,
  };
  // GitHub sends no patch of a file that is binary or too large.
  if (file.patch !== null) document.patch = file.patch;
  if (file.previous_filename !== null) document.previous_filename = file.previous_filename;
  return document;
}
