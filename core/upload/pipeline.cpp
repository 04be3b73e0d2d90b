#include "core/upload/pipeline.hpp"

#include <future>

#include "core/base/fault_point.hpp"
#include "core/base/log.hpp"
#include "core/publish/guard.hpp"
#include "core/publish/media_type.hpp"
#include "core/queue/finish.hpp"
#include "core/store/blog_store.hpp"
#include "core/store/publish_store.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/apply.hpp"
#include "core/upload/changes.hpp"
#include "core/upload/commit_status.hpp"
#include "core/upload/linking.hpp"
#include "core/upload/rendering.hpp"
#include "core/upload/source.hpp"
#include "core/upload/tree.hpp"

namespace devy::upload {
namespace {

using base::Error;
using base::ErrorKind;
using queue::Ending;
using queue::Outcome;

// One attempt at one upload. Members are what the steps hand on to each other.
class Run {
 public:
  Run(const config::Config& config, base::Random& random, const OnProgress& on_progress,
      const repository::TokenSource& tokens, queue::Attempt& attempt)
      : config_(config),
        random_(random),
        on_progress_(on_progress),
        tokens_(tokens),
        attempt_(attempt),
        upload_(store::load_upload(attempt.connection, attempt.lease.operation)),
        blog_(store::find_blog_by_id(attempt.connection, upload_.blog_id, store::Counts::without)) {
    attempt.subject.emplace(base::log::Fields{{"upload", upload_.id.text()},
                                              {"repository", upload_.repository_url},
                                              {"delivery", upload_.delivery_guid.value_or("")}});
  }

  std::optional<Ending> steps() {
    auto clone = fetch();
    if (!clone.has_tree()) return nothing_to_do();
    take_snapshots(clone);
    if (auto held = diff(clone)) return held;
    return publish(clone);
  }

 private:
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

  repository::Clone fetch() {
    begin_step("fetch", true);
    const auto& lease = attempt_.lease;
    const auto& announced =
        upload_.requested_commit ? upload_.requested_commit : lease.announced_revision;
    if (const auto& known = lease.fetched_revision ? lease.fetched_revision : announced)
      begin_status(*known);
    head_ = store::head_state(attempt_.connection, blog_.id);
    const auto on_fetch = [&](const repository::Progress& progress) {
      base::fault_point("W3");
      if (!reading_.valid()) read_ahead();
      report("fetch", progress.received_objects, progress.total_objects, progress.received_bytes);
    };
    // A replay is the repair, and another attempt has reason to distrust the first: they take all.
    const bool may_be_partial =
        upload_.replay_count == 0 && attempt_.lease.attempt == 1 && may_leave_files_out(head_);
    auto clone = fetch_source(config_, blog_, upload_, head_, attempt_.lease.fetched_revision,
                              tokens_, may_be_partial, on_fetch, attempt_.stop);
    base::fault_point("W4");
    is_read_ = reading_.valid();
    if (is_read_) state_ = reading_.get();
    commit_ = clone.tip().commit.hex();
    note_repository(clone.tip());
    begin_status(commit_);
    return clone;
  }

  // A pack is on its way, so what the database holds will be compared with it: read while it comes.
  // Until it is taken, the connection is this thread's. Nobody else changes the blog meanwhile: we
  // hold its lease, and the fence of the publish proves that we did.
  void read_ahead() {
    reading_ =
        std::async(std::launch::async, [this] { return read_blog(attempt_.connection, blog_.id); });
  }

  // However the upload ends, the commit's status follows by itself from now on. It must not be what
  // ends it.
  void begin_status(const std::string& commit) {
    if (commit == told_ || !tells_github(config_, blog_.repository_url)) return;
    told_ = commit;
    try {
      store::begin_status(attempt_.connection, upload_.id, commit);
    } catch (const Error& error) {
      base::log::warning("commit status not begun",
                         {{"upload", upload_.id.text()}, {"error", error.text()}});
    }
  }

  void note_size(const repository::Clone& clone) {
    const auto bytes = static_cast<std::int64_t>(clone.received_bytes());
    if (clone.is_partial() || bytes < large_pack_bytes || bytes == head_.pack_bytes) return;
    store::note_pack_bytes(attempt_.connection, blog_.id, bytes);
  }

  void note_repository(const repository::Tip& tip) {
    const bool names_default = !upload_.ref && !blog_.branch && !upload_.requested_commit;
    if (tip.url == blog_.repository_url && (!names_default || tip.branch == blog_.default_branch))
      return;
    pg::Transaction transaction(attempt_.connection);
    queue::fence(attempt_.connection, attempt_.lease, config_.queue.lease_ttl);
    store::update_repository(attempt_.connection, blog_, tip.url,
                             names_default ? std::optional(tip.branch) : std::nullopt);
    transaction.commit();
  }

  Ending nothing_to_do() {
    pg::Transaction transaction(attempt_.connection);
    queue::fence(attempt_.connection, attempt_.lease, config_.queue.lease_ttl);
    const auto head = store::head_counts(attempt_.connection, blog_.id);
    store::ChangeCounts counts;
    counts.unchanged = head.posts;
    counts.file_errors = head.file_errors;
    store::save_fetched(attempt_.connection, upload_.id, commit_, std::nullopt,
                        upload_.repository_url);
    store::save_counts(attempt_.connection, upload_.id, counts, {});
    transaction.commit();
    Ending ending;
    ending.revision = commit_;
    return ending;
  }

  void take_snapshots(const repository::Clone& clone) {
    {
      pg::Transaction transaction(attempt_.connection);
      begin_step("snapshot", true, commit_);
      store::save_fetched(attempt_.connection, upload_.id, commit_, clone.committed_at(),
                          clone.tip().url);
      note_size(clone);
      transaction.commit();
    }
    if (!is_read_) state_ = read_blog(attempt_.connection, blog_.id);
    tree_ = read_tree(clone, config_.limits, state_.blobs());
    base::fault_point("W6");
  }

  // An earlier attempt's changeset still holds when nothing it started from has moved since.
  bool take_up_changeset() {
    if (attempt_.lease.step != "publish") return false;
    auto stored = store::load_changeset(attempt_.connection, upload_.id);
    if (!stored || stored->to_commit != commit_ || stored->from_commit != head_.commit ||
        stored->origin != tree_.origin)
      return false;
    // From the head to itself: made by a replay, which looks at everything again.
    if (stored->from_commit == stored->to_commit) return false;
    changeset_ = std::move(stored->changeset);
    return true;
  }

  std::optional<Ending> diff(const repository::Clone& clone) {
    if (take_up_changeset()) return std::nullopt;
    changeset_ = find_changes(attempt_.connection, blog_.id, clone, config_.limits, state_, tree_);
    {
      pg::Transaction transaction(attempt_.connection);
      begin_step("diff", true);
      store::save_changeset(attempt_.connection, upload_.id,
                            {head_.commit, commit_, tree_.origin, changeset_}, tree_.warnings);
      transaction.commit();
    }
    if (attempt_.lease.is_approved) return std::nullopt;
    const auto why =
        publish::why_held(changeset_, state_.posts.size(), tree_.settings.max_delete_percent);
    if (!why) return std::nullopt;
    return hold(*why);
  }

  [[nodiscard]] Ending hold(const std::string& why) const {
    Ending ending;
    ending.outcome = Outcome::held;
    ending.revision = commit_;
    ending.error_code = "mass_delete";
    ending.error_text = "unable to publish '" + blog_.address() + "' unasked: " + why;
    ending.error_hint = "Look at it with `devy-upload inspect " + upload_.id.text() +
                        " --changes`, then `devy-upload approve` or `cancel` it.";
    return ending;
  }

  std::optional<Ending> publish(const repository::Clone& clone) {
    begin_step("publish", false);
    const auto rendering = render_changes(
        config_, clone, changeset_, tree_.settings,
        [&](std::size_t done, std::size_t total) { report("publish", done, total, 0); },
        attempt_.stop);
    if (on_progress_ && !rendering.rejected.empty())
      on_progress_({blog_.address(), "publish", 0, 0, 0, rendering.rejected});
    attempt_.check();
    const auto plan = publish::plan(changeset_, tree_.settings.root, rendering.files, state_.posts);
    if (!attempt_.lease.is_approved)
      if (const auto why = publish::why_held(plan, state_.posts.size())) return hold(*why);
    Linking linking(
        config_, clone,
        {{blog_.username, blog_.slug}, tree_, state_.posts, plan, [&] { attempt_.check(); }},
        asset_calls());
    linking.resolve_written(rendering);
    // A replay looks at everything again: it is the repair.
    if (linking.digest() != head_.link_digest || upload_.replay_count > 0)
      linking.resolve_others(attempt_.connection, blog_.id);
    apply(config_, random_, attempt_,
          {blog_.id, upload_.id, commit_, clone.committed_at(), tree_.origin}, tree_, rendering,
          plan, linking);
    base::log::info("upload published", {{"upload", upload_.id.text()},
                                         {"blog", blog_.address()},
                                         {"commit", commit_},
                                         {"written", plan.writes.size()},
                                         {"deleted", plan.deletes.size()},
                                         {"relinked", linking.relinks().size()},
                                         {"file_errors", plan.problems.size()}});
    report("clean_up", 0, 0, 0);
    return std::nullopt;
  }

  AssetCalls asset_calls() {
    auto& connection = attempt_.connection;
    return {[&] { return store::blog_assets(connection, blog_.id); },
            [&](const base::Sha256& sha256, std::string_view bytes) {
              attempt_.check();
              if (!store::touch_asset(connection, sha256))
                store::add_asset(connection, {sha256, publish::media_type_of(bytes), bytes});
            }};
  }

  const config::Config& config_;
  base::Random& random_;
  const OnProgress& on_progress_;
  const repository::TokenSource& tokens_;
  queue::Attempt& attempt_;
  const store::Upload upload_;
  const store::Blog blog_;
  store::HeadState head_;
  std::string commit_;
  std::string told_;  // the commit whose status was begun last
  BlogState state_;
  bool is_read_ = false;
  Tree tree_;
  snapshot::Changeset changeset_;
  std::optional<base::log::Scope> phase_;  // what the log's lines are said in
  std::future<BlogState> reading_;         // last: waits for its thread before anything else goes
};

}  // namespace

std::optional<Ending> UploadHandler::run(queue::Attempt& attempt) {
  return Run(config_, random_, on_progress_, tokens_, attempt).steps();
}

}  // namespace devy::upload
