#include "core/publishing/reconcile/audit.hpp"

#include <unordered_map>

#include "core/platform/base/log.hpp"
#include "core/platform/git/clone.hpp"
#include "core/publishing/store/asset_store.hpp"
#include "core/publishing/store/publish_store.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/changes.hpp"
#include "core/publishing/upload/source.hpp"
#include "core/publishing/upload/tree.hpp"

// Comparing the replica with its original: `verify` at the head, `reconcile` at the remote's tip.

namespace devy::reconcile {

namespace {

// Files that posts show or link: each is the file of that path.
void verify_assets(pg::Connection& connection, const base::BlogId& blog, const git::Clone& clone,
                   Verification& result) {
  for (const auto& asset : publishing::blog_assets(connection, blog)) {
    const auto found = clone.find(asset.path);
    if (!found || found->kind != git::FileKind::regular) result.extra.push_back(asset.path);
    else if (found->blob != asset.blob) result.different.push_back(asset.path);
  }
}

}  // namespace

Verification verify(pg::Connection& connection, const config::Config& config,
                    const publishing::Blog& blog, const std::stop_token& stop) {
  Verification result;
  result.blog = blog.address();
  result.commit = blog.head_commit;
  const auto state = upload::read_blog(connection, blog.id);
  if (!blog.head_commit) {
    for (const auto& post : state.posts)
      result.extra.push_back(post.path);
    result.is_ok = state.posts.empty();
    return result;
  }
  const auto clone = upload::fetch_blog(
      config, blog, blog.head_commit,
      upload::may_leave_files_out(publishing::head_state(connection, blog.id)), {}, stop);
  const auto tree = upload::read_tree(clone, config.limits, state.blobs());
  // A file in error keeps its last good version: its post is as expected, whatever its blob.
  std::unordered_map<std::string, bool> is_in_error;
  for (const auto& error : publishing::list_file_errors(connection, blog.id))
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
  verify_assets(connection, blog.id, clone, result);
  result.is_ok = result.missing.empty() && result.extra.empty() && result.different.empty();
  return result;
}

namespace {

// A tip whose upload failed is not tried again by each task, only after this time.
constexpr base::Duration failed_rest = std::chrono::hours{1};

// Why nothing is recorded for a tip that is not the head; empty: something is to be recorded.
std::string skip_reason(pg::Connection& connection, const publishing::Blog& blog,
                        const publishing::HeadState& head, Reconciled& result) {
  if (result.tip == result.head && head.origin == upload::current_origin(head)) return "up to date";
  if (head.pinned_commit) return "pinned";
  const auto newest = publishing::list_uploads(connection, {{}, blog.address(), {}, false, 1});
  if (newest.empty()) return "";
  const auto& upload = newest.front();
  const bool has_failed_lately = upload.state == queue::State::failed &&
                                 upload.commit == result.tip && upload.finished_at &&
                                 base::system_clock().now() - *upload.finished_at < failed_rest;
  if (queue::is_terminal(upload.state) && !has_failed_lately) return "";
  result.upload = upload.id;
  return has_failed_lately ? "failed at this commit" : "already waiting";
}

publishing::UploadRequest missed_push(const config::Config& config, const Reconciled& found,
                                      const std::string& requested_by) {
  publishing::UploadRequest request;
  request.source = queue::Source::reconcile;
  request.announced_commit = found.tip;
  request.requested_by = requested_by;
  request.reason = "the remote's tip is not the blog's head";
  request.max_attempts = static_cast<int>(config.queue.max_attempts);
  return request;
}

// The repository's name may have passed to another owner meanwhile; a commit's id cannot.
void check_history(const config::Config& config, const publishing::Blog& blog, const git::Tip& tip,
                   const std::stop_token& stop) {
  if (!blog.head_commit || tip.commit.hex() == *blog.head_commit) return;
  try {
    static_cast<void>(upload::fetch_blog(config, blog, blog.head_commit, true, {}, stop));
  } catch (const base::Error& error) {
    if (error.code() != "commit_gone") throw;
    throw base::Error(base::ErrorKind::rejected,
                      "unable to go on with '" + blog.repository_url +
                          "': it does not have the commit that the blog shows",
                      "If it is the right repository, connect the blog with it again.",
                      "history_replaced");
  }
}

git::Tip ask_remote(pg::Connection& connection, const config::Config& config,
                    const publishing::Blog& blog, const publishing::HeadState& head,
                    git::TipAsker& asker, const std::stop_token& stop) {
  auto tip = asker.ask(config, {blog.repository_url, upload::branch_of(blog, head), {}, {}}, stop);
  if (blog.frozen_reason == publishing::unreachable_reason) {
    check_history(config, blog, tip, stop);
    if (publishing::thaw_unreachable(connection, blog))
      base::log::info("blog thawed", {{"blog", blog.address()}});
  }
  return tip;
}

// About the remote, not about us: the next blog may fare better.
bool is_remote_error(const base::Error& error) {
  return error.kind() != base::ErrorKind::stopped && !error.code().starts_with("database");
}

}  // namespace

Reconciled reconcile(pg::Connection& connection, const config::Config& config,
                     const publishing::Blog& blog, const std::string& requested_by,
                     git::TipAsker& asker, const std::stop_token& stop) {
  Reconciled result;
  result.blog = blog.address();
  result.head = blog.head_commit;
  const auto head = publishing::head_state(connection, blog.id);
  git::Tip tip;
  try {
    tip = ask_remote(connection, config, blog, head, asker, stop);
  } catch (const base::Error& error) {
    if (!is_remote_error(error)) throw;
    result.note = error.text();
    result.error_code = error.code();
    result.is_error = true;
    return result;
  }
  publishing::update_repository(connection, blog, tip.url,
                                blog.branch || upload::settings_from_json(head.settings_json).branch
                                    ? std::nullopt
                                    : std::optional(tip.branch));
  result.tip = tip.commit.hex();
  result.note = skip_reason(connection, blog, head, result);
  if (!result.note.empty()) return result;
  const auto ingested =
      publishing::record_upload(connection, blog, missed_push(config, result, requested_by));
  result.upload = ingested.id;
  result.is_recorded = ingested.state == queue::State::verified;
  result.note =
      result.is_recorded ? "upload recorded" : std::string(queue::to_string(ingested.state));
  return result;
}

}  // namespace devy::reconcile
