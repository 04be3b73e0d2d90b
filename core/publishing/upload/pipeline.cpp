#include "core/publishing/upload/pipeline.hpp"

#include <functional>
#include <future>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/media/media_type.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/publishing/plan/guard.hpp"
#include "core/publishing/status/commit_status.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/repository_standing.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/apply.hpp"
#include "core/publishing/upload/changes.hpp"
#include "core/publishing/upload/dating.hpp"
#include "core/publishing/upload/linking.hpp"
#include "core/publishing/upload/rendering.hpp"
#include "core/publishing/upload/skipping.hpp"
#include "core/publishing/upload/source.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {
namespace {

using base::Error;
using base::ErrorKind;
using queue::AttemptResult;
using queue::Outcome;

// One attempt at one upload. Members are what the steps hand on to each other.
class Run {
 public:
  Run(const config::Config& config, base::Random& random, const queue::OnProgress& on_progress,
      const git::TokenSource& tokens, queue::Attempt& attempt)
      : config_(config),
        random_(random),
        on_progress_(on_progress),
        tokens_(tokens),
        attempt_(attempt),
        upload_(publishing::load_upload(attempt.connection, attempt.lease.operation)),
        blog_(publishing::find_blog_by_id(attempt.connection, upload_.blog_id,
                                          publishing::Counts::without)) {
    attempt.subject.emplace(base::log::Fields{{"repository", upload_.repository_url},
                                              {"delivery", upload_.delivery_guid.value_or("")}});
  }

  std::optional<AttemptResult> steps() {
    auto clone = fetch();
    if (skipped_.is_all) return skip();
    if (!clone.has_tree()) return nothing_to_do();
    make_snapshots(clone);
    if (auto held = diff(clone)) return held;
    return publish(clone);
  }

 private:
  // A repair trusts nothing that is there, and a replay is meant to put things right as well.
  [[nodiscard]] bool looks_at_all() const {
    return upload_.is_repair() || upload_.replay_count > 0;
  }

  // A repair moves nothing, so what is pinned stays so; and a replay is no push.
  [[nodiscard]] bool is_pinned() const {
    if (upload_.is_repair()) return head_.pinned_commit.has_value();
    return attempt_.lease.is_forced || (upload_.replay_count > 0 && head_.pinned_commit == commit_);
  }

  // Begins a step in the caller's transaction; throws when the upload should stop instead.
  void begin_step(const std::string& step, bool is_interruptible,
                  const std::optional<std::string>& commit = std::nullopt) {
    attempt_.check();
    const auto verdict = queue::begin_step(attempt_.connection, attempt_.lease,
                                           {step, is_interruptible, config_.queue.lease_ttl,
                                            config_.queue.supersede_patience, commit});
    if (verdict == queue::StepVerdict::cancelled)
      throw Error(ErrorKind::stopped, "the upload was cancelled", "", "cancel_requested");
    if (verdict == queue::StepVerdict::superseded)
      throw Error(ErrorKind::stopped, "a newer upload takes over", "", "superseded");
    phase_.emplace(base::log::Fields{{"step", step}});
    report(step, 0, 0, 0);
  }

  void report(const std::string& step, std::uint64_t done, std::uint64_t total,
              std::uint64_t bytes) {
    if (on_progress_) on_progress_({blog_.address(), step, done, total, bytes, {}});
  }

  git::Clone fetch() {
    begin_step("fetch", true);
    const auto& lease = attempt_.lease;
    const auto& announced =
        upload_.requested_commit ? upload_.requested_commit : lease.announced_revision;
    // A commit that nobody pushed here may have a skip marker: its status begins when it was read.
    if (const auto& known = lease.fetched_revision ? lease.fetched_revision : announced;
        known && (upload_.trigger == "webhook" || !heeds_markers(upload_)))
      begin_status(*known);
    head_ = publishing::head_state(attempt_.connection, blog_.id);
    const auto on_fetch = [&](const git::Progress& progress) {
      base::fault_point("during_fetch");
      if (!reading_.valid()) read_ahead();
      report("fetch", progress.received_objects, progress.total_objects, progress.received_bytes);
    };
    // Another attempt has reason to distrust the first: it takes all.
    const bool may_be_partial =
        !looks_at_all() && attempt_.lease.attempt == 1 && may_leave_files_out(head_);
    const auto fetch_upload = [&](const publishing::Upload& upload) {
      return fetch_source(config_, blog_, upload, head_, attempt_.lease.fetched_revision, tokens_,
                          may_be_partial, on_fetch, attempt_.stop);
    };
    auto clone = fetch_or_note_gone([&] {
      auto fetched = fetch_upload(upload_);
      skipped_ =
          heed_marker(fetched, upload_, attempt_.lease.announced_revision, head_, fetch_upload);
      return fetched;
    });
    base::fault_point("after_fetch");
    is_read_ = reading_.valid();
    if (is_read_) state_ = reading_.get();
    commit_ = clone.tip().commit.hex();
    if (head_.was_gone) require_same_history(config_, blog_, commit_, tokens_, attempt_.stop);
    note_repository(clone.tip());
    if (!skipped_.is_all) begin_status(commit_);
    return clone;
  }

  AttemptResult skip() {
    pg::Transaction transaction(attempt_.connection);
    queue::fence(attempt_.connection, attempt_.lease, config_.queue.lease_ttl);
    publishing::save_fetched(attempt_.connection, upload_.id, commit_, std::nullopt,
                             upload_.repository_url);
    publishing::note_skipped_tip(attempt_.connection, blog_.id, skipped_.tip);
    transaction.commit();
    return skipped_result(blog_, commit_);
  }

  git::Clone fetch_or_note_gone(const std::function<git::Clone()>& fetch) {
    try {
      return fetch();
    } catch (const Error& error) {
      if (reading_.valid()) reading_.wait();  // the connection is its until then
      if (is_gone(error.code())) publishing::note_gone(attempt_.connection, blog_.id);
      throw;
    }
  }

  // While the pack is on its way, the content of the database is read, because both will be
  // compared. Until the result is taken, the connection belongs to that thread. No other process
  // changes the blog meanwhile: we hold its lease, and the fence of the publish proves that we did.
  void read_ahead() {
    reading_ =
        std::async(std::launch::async, [this] { return read_blog(attempt_.connection, blog_.id); });
  }

  // However the upload ends, the commit's status follows by itself from now on. It must not be what
  // ends it.
  void begin_status(const std::string& commit) {
    // A repair is no news of the commit.
    if (upload_.is_repair() || commit == status_commit_ ||
        !status::tells_github(config_, blog_.repository_url))
      return;
    status_commit_ = commit;
    try {
      publishing::begin_status(attempt_.connection, upload_.id, commit);
    } catch (const Error& error) {
      base::log::warning("commit status not begun", {{"error", error.text()}});
    }
  }

  void note_size(const git::Clone& clone) {
    const auto bytes = static_cast<std::int64_t>(clone.received_bytes());
    if (clone.is_partial() || bytes < large_pack_bytes || bytes == head_.pack_bytes) return;
    publishing::note_pack_bytes(attempt_.connection, blog_.id, bytes);
  }

  void note_repository(const git::Tip& tip) {
    const bool names_default = !upload_.ref && !blog_.branch && !upload_.requested_commit;
    if (tip.url == blog_.repository_url && (!names_default || tip.branch == blog_.default_branch))
      return;
    pg::Transaction transaction(attempt_.connection);
    queue::fence(attempt_.connection, attempt_.lease, config_.queue.lease_ttl);
    publishing::update_repository(attempt_.connection, blog_, tip.url,
                                  names_default ? std::optional(tip.branch) : std::nullopt);
    transaction.commit();
  }

  AttemptResult nothing_to_do() {
    pg::Transaction transaction(attempt_.connection);
    queue::fence(attempt_.connection, attempt_.lease, config_.queue.lease_ttl);
    const auto head = publishing::head_counts(attempt_.connection, blog_.id);
    publishing::ChangeCounts counts;
    counts.unchanged = head.posts;
    counts.file_errors = head.file_errors;
    publishing::save_fetched(attempt_.connection, upload_.id, commit_, std::nullopt,
                             upload_.repository_url);
    publishing::save_counts(attempt_.connection, upload_.id, counts, {});
    publishing::copy_left_out_of_head(attempt_.connection, upload_.id);
    transaction.commit();
    AttemptResult result;
    result.revision = commit_;
    return result;
  }

  void make_snapshots(const git::Clone& clone) {
    {
      pg::Transaction transaction(attempt_.connection);
      begin_step("snapshot", true, commit_);
      publishing::save_fetched(attempt_.connection, upload_.id, commit_, clone.committed_at(),
                               clone.tip().url);
      note_size(clone);
      transaction.commit();
    }
    if (!is_read_) state_ = read_blog(attempt_.connection, blog_.id);
    if (upload_.is_repair()) distrust_altered(attempt_.connection, blog_.id, state_);
    tree_ = read_tree(clone, config_.limits, state_.blobs());
    base::fault_point("after_tree_walk");
  }

  // An earlier attempt's changeset still holds when nothing it started from has moved since.
  bool resume_changeset() {
    if (attempt_.lease.step != "publish" || upload_.is_repair()) return false;
    auto stored = publishing::load_changeset(attempt_.connection, upload_.id);
    if (!stored || stored->to_commit != commit_ || stored->from_commit != head_.commit ||
        stored->origin != tree_.origin)
      return false;
    // From the head to itself: made by a replay, which looks at everything again.
    if (stored->from_commit == stored->to_commit) return false;
    // A repair has published the same head meanwhile, with other posts than those compared.
    if (head_.at && *head_.at >= stored->made_at) return false;
    changeset_ = std::move(stored->changeset);
    return true;
  }

  std::optional<AttemptResult> diff(const git::Clone& clone) {
    if (resume_changeset()) return std::nullopt;
    changeset_ = find_changes(attempt_.connection, blog_.id, clone, config_.limits, state_, tree_);
    {
      pg::Transaction transaction(attempt_.connection);
      begin_step("diff", true);
      publishing::save_changeset(attempt_.connection, upload_.id,
                                 {head_.commit, commit_, tree_.origin, changeset_}, tree_.warnings);
      publishing::save_left_out(attempt_.connection, upload_.id, tree_.left_out);
      transaction.commit();
    }
    if (is_unguarded()) return std::nullopt;
    const auto why =
        plan::hold_reason(changeset_, state_.posts.size(), tree_.settings.max_delete_percent);
    if (!why) return std::nullopt;
    return hold(*why);
  }

  // A repair deletes only what the commit that the blog shows does not have.
  [[nodiscard]] bool is_unguarded() const {
    return attempt_.lease.is_approved || upload_.is_repair();
  }

  [[nodiscard]] AttemptResult hold(const std::string& why) const {
    AttemptResult result;
    result.outcome = Outcome::held;
    result.revision = commit_;
    result.error_code = "mass_delete";
    result.error_text = "unable to publish '" + blog_.address() + "' unasked: " + why;
    result.error_hint = "Look at it with `devy-upload inspect " + upload_.id.text() +
                        " --changes`, then `devy-upload approve` or `cancel` it.";
    return result;
  }

  std::optional<AttemptResult> publish(const git::Clone& clone) {
    begin_step("publish", false);
    const auto rendering = render_changes(
        config_, clone, changeset_, tree_.settings,
        [&](std::size_t done, std::size_t total) { report("publish", done, total, 0); },
        attempt_.stop);
    if (on_progress_ && !rendering.rejected.empty())
      on_progress_({blog_.address(), "publish", 0, 0, 0, rendering.rejected});
    attempt_.check();
    find_slug_bases(attempt_.connection, blog_.id, changeset_,
                    {settings_from_json(head_.settings_json).root, tree_.settings.root}, state_);
    const auto plan = plan::plan(changeset_, tree_.settings.root, rendering.files, state_.posts);
    if (!is_unguarded())
      if (const auto why = plan::hold_reason(plan, state_.posts.size())) return hold(*why);
    Linking linking(config_, clone,
                    {{blog_.username, blog_.slug},
                     tree_,
                     state_.posts,
                     plan,
                     rendering,
                     [&](const auto& paths) {
                       return publishing::post_anchors(attempt_.connection, blog_.id, paths);
                     },
                     [&] { attempt_.check(); }},
                    asset_calls());
    linking.resolve_written();
    if (linking.digest() != head_.link_digest || looks_at_all())
      linking.resolve_others(attempt_.connection, blog_.id);
    else linking.resolve_places(attempt_.connection, blog_.id);
    const auto dating = date(clone, plan);
    apply(config_, random_, attempt_,
          {blog_.id, upload_.id, commit_, clone.committed_at(), tree_.origin, is_pinned(),
           upload_.is_repair(), skipped_.tip},
          tree_, rendering, plan, linking, dating, state_.posts);
    base::log::info("upload published", {{"operation", upload_.id.text()},
                                         {"blog", blog_.address()},
                                         {"commit", commit_},
                                         {"written", plan.writes.size()},
                                         {"deleted", plan.deletes.size()},
                                         {"relinked", linking.relinks().size()},
                                         {"file_errors", plan.problems.size()}});
    report("clean_up", 0, 0, 0);
    return std::nullopt;
  }

  Dating date(const git::Clone& clone, const plan::PublishPlan& plan) {
    const auto dating = find_dates(clone, plan, state_.posts,
                                   {.head = since_head(head_), .asks_for_all = looks_at_all()},
                                   [&](const git::Progress& progress) {
                                     report("publish", progress.received_objects,
                                            progress.total_objects, progress.received_bytes);
                                   });
    attempt_.check();
    return dating;
  }

  AssetCalls asset_calls() {
    auto& connection = attempt_.connection;
    return {[&] { return publishing::blog_assets(connection, blog_.id); },
            [&](const base::Sha256& sha256, std::string_view bytes) {
              attempt_.check();
              if (!publishing::touch_asset(connection, sha256))
                publishing::add_asset(connection, {sha256, media::media_type_of(bytes), bytes});
            }};
  }

  const config::Config& config_;
  base::Random& random_;
  const queue::OnProgress& on_progress_;
  const git::TokenSource& tokens_;
  queue::Attempt& attempt_;
  const publishing::Upload upload_;
  const publishing::Blog blog_;
  publishing::HeadState head_;
  std::string commit_;
  std::string status_commit_;  // the commit whose status was begun last
  Skipped skipped_;
  BlogState state_;
  bool is_read_ = false;
  Tree tree_;
  snapshot::Changeset changeset_;
  std::optional<base::log::Scope> phase_;  // the log scope of the current phase
  // Declared last: it waits for its thread before other members are destroyed.
  std::future<BlogState> reading_;
};

}  // namespace

std::optional<AttemptResult> UploadHandler::run(queue::Attempt& attempt) {
  return Run(config_, random_, on_progress_, tokens_, attempt).steps();
}

queue::Kind operation_kind() {
  queue::Kind kind;
  kind.name = publishing::upload_kind;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<UploadHandler>(context.config, context.random, context.on_progress);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.needs_scratch = true;
  kind.records = {"uploads", "uploads"};
  return kind;
}

}  // namespace devy::upload
