// These acts change comments of issues and pull requests; each one changes its issue as well.
import { association, touch } from "./issues.mjs";

export function create_comment(world, args) {
  const repository = world.repository(args.repository);
  const issue = world.liveIssue(repository, args.number);
  const author = world.user(args.by ?? world.users.get(repository.owner_id).login);
  const comment = {
    id: world.id("comment"),
    number: issue.number,
    user_id: author.id,
    body: args.body ?? "A comment",
    author_association: association(repository, author),
    created_at: world.now(),
    updated_at: world.now(),
    gone: null,
  };
  repository.comments.set(comment.id, comment);
  repository.comment_counts.set(
    issue.number,
    (repository.comment_counts.get(issue.number) ?? 0) + 1,
  );
  touch(world, repository, issue);
  world.emit("issue_comment", "created", repository, { by: args.by, issue, comment });
  return { id: comment.id, number: issue.number };
}

function live_comment(repository, id) {
  const comment = repository.comments.get(id);
  if (!comment || comment.gone) throw new Error(`unable to find comment ${id}`);
  return comment;
}

export function edit_comment(world, args) {
  const repository = world.repository(args.repository);
  const comment = live_comment(repository, args.id);
  const issue = world.liveIssue(repository, comment.number);
  const changes = { body: { from: comment.body } };
  comment.body = args.body;
  comment.updated_at = Math.max(comment.updated_at, world.now());
  touch(world, repository, issue);
  world.emit("issue_comment", "edited", repository, {
    by: args.by,
    issue,
    comment,
    more: { changes },
  });
  return { id: comment.id, number: issue.number };
}

export function delete_comment(world, args) {
  const repository = world.repository(args.repository);
  const comment = live_comment(repository, args.id);
  const issue = world.liveIssue(repository, comment.number);
  comment.gone = { reason: "deleted", at: world.now() };
  repository.comment_counts.set(issue.number, repository.comment_counts.get(issue.number) - 1);
  touch(world, repository, issue);
  world.emit("issue_comment", "deleted", repository, { by: args.by, issue, comment });
  return { id: comment.id, number: issue.number };
}
