#include "core/publishing/reconcile/audit.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/platform/base/log.hpp"
#include "core/platform/git/clone.hpp"
#include "core/publishing/reconcile/identity.hpp"
#include "core/publishing/store/altered_store.hpp"
#include "core/publishing/store/asset_store.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/redirect_store.hpp"
#include "core/publishing/store/repository_standing.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/changes.hpp"
#include "core/publishing/upload/remote_tokens.hpp"
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

bool is_listed(const Verification& result, const std::string& path) {
  return std::ranges::find(result.extra, path) != result.extra.end() ||
         std::ranges::find(result.different, path) != result.different.end();
}

git::Clone fetch_shown(pg::Connection& connection, const config::Config& config,
                       const publishing::Blog& blog, const std::stop_token& stop) {
  const auto head = publishing::head_state(connection, blog.id);
  try {
    return upload::fetch_blog(config, blog, blog.head_commit, upload::may_leave_files_out(head), {},
                              stop);
  } catch (const base::Error& error) {
    if (error.code() != "commit_gone") throw;
    throw upload::shown_commit_gone("verify", blog);
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
  const auto clone = fetch_shown(connection, config, blog, stop);
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
  for (const auto& altered : publishing::altered_posts(connection, blog.id))
    if (!is_listed(result, altered.path)) result.different.push_back(altered.path);
  for (const auto& path : publishing::posts_of_altered_redirects(connection, blog.id))
    if (!is_listed(result, path)) result.different.push_back(path);
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
  if (result.tip == head.skipped_tip) return "the tip has a skip marker";
  // A repair brings nothing new, whatever became of it.
  publishing::UploadFilter pushes;
  pushes.blog = blog.address();
  pushes.is_without_repairs = true;
  pushes.limit = 1;
  const auto newest = publishing::list_uploads(connection, pushes);
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

// About the remote, not about us: the next blog may fare better.
bool is_remote_error(const base::Error& error) {
  return error.kind() != base::ErrorKind::stopped && !error.code().starts_with("database");
}

// One comparison of a blog with its remote.
class Comparison {
 public:
  Comparison(pg::Connection& connection, const config::Config& config, const publishing::Blog& blog,
             git::TipAsker& asker, const std::stop_token& stop)
      : connection_(connection),
        config_(config),
        blog_(blog),
        asker_(asker),
        stop_(stop),
        head_(publishing::head_state(connection, blog.id)),
        standing_(publishing::repository_standing(connection, blog.id)) {}

  [[nodiscard]] const publishing::Blog& blog() const { return blog_; }
  [[nodiscard]] const publishing::HeadState& head() const { return head_; }

  // Asks GitHub, where there is a reason, and the remote. What a delivery claimed is confirmed or
  // refuted by that, before it freezes or reveals anything. Throws the remote's error.
  git::Tip ask(github::Access* access) {
    // Counts as asked even without GitHub: claims must not make anybody ask all the time.
    if (standing_.claim) publishing::note_asked(connection_, standing_.id);
    try {
      confirmation_ = confirm_identity(connection_, config_, blog_, standing_, access);
      if (is_claimed(Claim::removed) && confirmation_.is_uninstalled) {
        freeze(publishing::removed_reason);
        publishing::settle_claim(connection_, standing_);
      }
      auto tip = asker_.ask(config_,
                            {.url = blog_.repository_url,
                             .branch = upload::branch_of(blog_, head_),
                             .github_id = blog_.github_id},
                            stop_);
      if ((standing_.was_gone || blog_.frozen_reason) && !confirmation_.is_same)
        upload::require_same_history(config_, blog_, tip.commit.hex(),
                                     upload::remote_tokens(config_), stop_);
      thaw();
      if (!is_answer_awaited()) publishing::settle_claim(connection_, standing_);
      // Before anything is recorded: an upload asks whether the repository was gone.
      publishing::note_reachable(connection_, blog_.id);
      return tip;
    } catch (const base::Error& error) {
      if (is_claimed(Claim::deleted) && upload::is_gone(error.code())) {
        freeze(publishing::deleted_reason);
        publishing::settle_claim(connection_, standing_);
      }
      throw;
    }
  }

 private:
  using Claim = publishing::Claim;
  [[nodiscard]] bool is_claimed(Claim claim) const {
    return standing_.claim == publishing::to_string(claim);
  }
  // The remote cannot tell whether the App is installed, or whether everybody may read.
  [[nodiscard]] bool is_answer_awaited() const {
    return confirmation_.can_be_asked && !confirmation_.is_asked && !is_claimed(Claim::deleted) &&
           !is_claimed(Claim::moved);
  }

  void freeze(const char* reason) {
    if (!publishing::freeze_blog(connection_, blog_, reason)) return;
    blog_.frozen_reason = reason;
    base::log::warning("blog frozen", {{"blog", blog_.address()}, {"reason", reason}});
  }
  // The remote has answered, and is the same repository.
  void thaw() {
    if (!blog_.frozen_reason) return;
    const auto reason = *blog_.frozen_reason;
    const bool is_back = is_claimed(Claim::added) && !confirmation_.is_uninstalled &&
                         (confirmation_.is_asked || !config_.github.has_app());
    if (reason != publishing::unreachable_reason &&
        (reason != publishing::removed_reason || !is_back))
      return;
    if (!publishing::thaw_blog(connection_, blog_, reason)) return;
    blog_.frozen_reason.reset();
    base::log::info("blog thawed", {{"blog", blog_.address()}, {"reason", reason}});
  }

  pg::Connection& connection_;
  const config::Config& config_;
  publishing::Blog blog_;
  git::TipAsker& asker_;
  const std::stop_token& stop_;
  const publishing::HeadState head_;
  const publishing::RepositoryStanding standing_;
  Confirmation confirmation_;
};

}  // namespace

Reconciled reconcile(pg::Connection& connection, const config::Config& config,
                     const publishing::Blog& blog, const std::string& requested_by,
                     git::TipAsker& asker, const std::stop_token& stop, github::Access* access) {
  Reconciled result;
  result.blog = blog.address();
  result.head = blog.head_commit;
  Comparison comparison(connection, config, blog, asker, stop);
  git::Tip tip;
  try {
    tip = comparison.ask(access);
  } catch (const base::Error& error) {
    if (!is_remote_error(error)) throw;
    result.note = error.text();
    result.error_code = error.code();
    result.is_error = true;
    return result;
  }
  const auto& head = comparison.head();
  publishing::update_repository(connection, blog, tip.url,
                                blog.branch || upload::settings_from_json(head.settings_json).branch
                                    ? std::nullopt
                                    : std::optional(tip.branch));
  result.tip = tip.commit.hex();
  result.note = comparison.blog().frozen_reason ? "frozen: " + *comparison.blog().frozen_reason
                                                : skip_reason(connection, blog, head, result);
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
