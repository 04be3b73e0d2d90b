// Makes the documents of issues, of pull requests as issues, and of comments.
import { timeText } from "../clock.mjs";
import { commentCount } from "../world.mjs";
import { nodeId, repositoryPage, repositoryUrl } from "./common.mjs";
import { labelDocument, milestoneDocument } from "./names.mjs";
import { shortUser } from "./user.mjs";

export function reactions(url, total) {
  return {
    url: `${url}/reactions`,
    total_count: total,
    "+1": total,
    "-1": 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}

// Issues and pull requests have these members in common.
export function carried(world, repository, issue) {
  const assignees = issue.assignees
    .map((id) => shortUser(world, id))
    .filter((user) => user !== null);
  const milestone =
    issue.milestone === null
      ? null
      : milestoneDocument(world, repository, repository.milestones.get(issue.milestone));
  return {
    number: issue.number,
    title: issue.title,
    user: shortUser(world, issue.user_id),
    labels: issue.labels.map((id) => labelDocument(world, repository, repository.labels.get(id))),
    state: issue.state,
    locked: issue.locked,
    assignee: assignees[0] ?? null,
    assignees,
    milestone,
    created_at: timeText(issue.created_at),
    updated_at: timeText(issue.updated_at),
    closed_at: timeText(issue.closed_at),
    author_association: issue.author_association,
    active_lock_reason: issue.active_lock_reason,
    body: issue.body,
  };
}

function typeOf(issue) {
  return issue.type === null
    ? null
    : {
        id: 1,
        node_id: "IT_kwDOAAAAAQ",
        name: issue.type,
        description: null,
        color: "blue",
        created_at: "2024-01-01T00:00:00Z",
        updated_at: "2024-01-01T00:00:00Z",
        is_enabled: true,
      };
}

function pullMember(world, repository, issue) {
  const page = `${repositoryPage(world, repository)}/pull/${issue.number}`;
  return {
    url: `${repositoryUrl(world, repository)}/pulls/${issue.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: timeText(issue.pull.merged_at),
  };
}

export function listedIssue(world, repository, issue) {
  const url = `${repositoryUrl(world, repository)}/issues/${issue.number}`;
  const place = issue.pull ? "pull" : "issues";
  const document = {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${repositoryPage(world, repository)}/${place}/${issue.number}`,
    id: issue.id,
    node_id: nodeId("I", issue.id),
    ...carried(world, repository, issue),
    comments: commentCount(repository, issue.number),
  };
  if (issue.pull) {
    document.draft = issue.pull.draft;
    document.pull_request = pullMember(world, repository, issue);
  } else {
    document.type = typeOf(issue);
    document.sub_issues_summary = { total: 0, completed: 0, percent_completed: 0 };
    document.issue_dependencies_summary = {
      blocked_by: 0,
      total_blocked_by: 0,
      blocking: 0,
      total_blocking: 0,
    };
  }
  document.reactions = reactions(url, issue.reactions);
  document.timeline_url = `${url}/timeline`;
  document.performed_via_github_app = null;
  document.state_reason = issue.state_reason;
  return document;
}

// Only the single document says who closed an issue.
export function singleIssue(world, repository, issue) {
  return {
    ...listedIssue(world, repository, issue),
    closed_by: shortUser(world, issue.closed_by_id),
  };
}

export function commentDocument(world, repository, comment) {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`;
  const issue = repository.issues.get(comment.number);
  const place = issue.pull ? "pull" : "issues";
  const page = `${repositoryPage(world, repository)}/${place}/${comment.number}`;
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${comment.number}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: shortUser(world, comment.user_id),
    created_at: timeText(comment.created_at),
    updated_at: timeText(comment.updated_at),
    body: comment.body,
    author_association: comment.author_association,
    reactions: reactions(url, 0),
    performed_via_github_app: null,
  };
}
