#include <unordered_map>

#include "core/repository/clone.hpp"
#include "core/store/publish_store.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/changes.hpp"
#include "core/upload/service.hpp"
#include "core/upload/source.hpp"
#include "core/upload/tree.hpp"

// Comparing the replica with its original: `verify` at the head, `reconcile` at the remote's tip.

namespace devy::upload {

Verification verify(pg::Connection& connection, const config::Config& config,
                    const store::Blog& blog, std::stop_token stop) {
  Verification result;
  result.blog = blog.address();
  result.commit = blog.head_commit;
  const auto state = read_blog(connection, blog.id);
  if (!blog.head_commit) {
    for (const auto& post : state.posts)
      result.extra.push_back(post.path);
    result.is_ok = state.posts.empty();
    return result;
  }
  const auto clone = fetch_blog(config, blog, blog.head_commit, {}, stop);
  const auto tree = read_tree(clone, config.limits, state.blobs());
  // A file in error keeps its last good version: its post is explained, whatever its blob.
  std::unordered_map<std::string, bool> is_in_error;
  for (const auto& error : store::list_file_errors(connection, blog.id))
    is_in_error[error.path] = true;
  const auto difference = snapshot::difference(state.snapshot(), tree.snapshot);
  for (const auto& change : difference.changes) {
    const bool is_explained = is_in_error.contains(change.path);
    switch (change.kind) {
      case snapshot::ChangeKind::created:
        if (!is_explained) result.missing.push_back(change.path);
        break;
      case snapshot::ChangeKind::deleted: result.extra.push_back(change.path); break;
      case snapshot::ChangeKind::updated:
        if (!is_explained) result.different.push_back(change.path);
        break;
      case snapshot::ChangeKind::renamed:
        result.extra.push_back(change.from);
        if (!is_explained) result.missing.push_back(change.path);
        break;
    }
  }
  result.is_ok = result.missing.empty() && result.extra.empty() && result.different.empty();
  return result;
}

Reconciled reconcile(pg::Connection& connection, const config::Config& config,
                     const store::Blog& blog, const std::string& requested_by) {
  Reconciled result;
  result.blog = blog.address();
  result.head = blog.head_commit;
  repository::Tip tip;
  const auto head = store::head_state(connection, blog.id);
  try {
    tip = repository::ask_tip(config, {blog.repository_url, branch_of(blog, head), {}, {}});
  } catch (const base::Error& error) {
    result.note = error.text();
    result.is_error = true;
    return result;
  }
  store::update_repository(connection, blog, tip.url,
                           blog.branch || settings_from_json(head.settings_json).branch
                               ? std::nullopt
                               : std::optional(tip.branch));
  result.tip = tip.commit.hex();
  if (result.tip == result.head && head.origin == current_origin(head)) {
    result.note = "up to date";
    return result;
  }
  if (head.pinned_commit) {
    result.note = "pinned";
    return result;
  }
  store::UploadRequest request;
  request.source = queue::Source::reconcile;
  request.announced_commit = result.tip;
  request.requested_by = requested_by;
  request.reason = "the remote's tip is not the blog's head";
  request.max_attempts = static_cast<int>(config.queue.max_attempts);
  const auto waiting = store::list_uploads(
      connection, {{queue::State::received, queue::State::verified, queue::State::scheduled,
                    queue::State::processing, queue::State::held},
                   blog.address(),
                   std::nullopt,
                   false,
                   1});
  if (!waiting.empty()) {
    result.note = "already waiting";
    result.upload = waiting.front().id;
    return result;
  }
  const auto ingested = store::record_upload(connection, blog, request);
  result.upload = ingested.id;
  result.note = ingested.state == queue::State::verified
                    ? "upload recorded"
                    : std::string(queue::to_string(ingested.state));
  return result;
}

}  // namespace devy::upload
