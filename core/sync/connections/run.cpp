#include "core/sync/connections/run.hpp"

#include <algorithm>

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/mirror/store/load_status.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/connections/handler.hpp"
#include "core/sync/connections/verify.hpp"
#include "core/sync/merging/merging.hpp"

namespace devy::connections {
namespace {

using json::Json;

constexpr json::Format cursor_format{.name = "a connection's cursor",
                                     .bytes_max = std::size_t{64} << 10U,
                                     .kind = base::ErrorKind::internal,
                                     .code = "cursor_unreadable"};

// A member of the cursor; nothing: it has none yet.
std::optional<json::Value> in_cursor(const std::string& cursor, const char* name) {
  if (cursor.empty()) return std::nullopt;
  return json::parse(cursor, cursor_format).find(name);
}

std::int64_t number_in_cursor(const std::string& cursor, const char* name) {
  const auto value = in_cursor(cursor, name);
  return value ? value->integer() : 0;
}

queue::AttemptResult wait_for_mirror() {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.delay = mirror_pause;
  result.error_code = "waiting_for_mirror";
  result.error_text = "the mirror is still reading GitHub";
  return result;
}

bool is_any_held(const std::vector<merging::Result>& results) {
  return std::ranges::any_of(
      results, [](const auto& result) { return result.effect == merging::Effect::held; });
}

}  // namespace

queue::AttemptResult Run::go() {
  const auto begun_at = context_.clock.monotonic_now();
  std::string begun_step;
  for (;;) {
    attempt_.check();
    auto step = sync::load_step(connection_, attempt_.lease.resource);
    if (!step) return {};  // its project was deleted
    step_ = *std::move(step);
    if (step_.state != begun_step)
      scan::begin_step(attempt_, context_.config, begun_step = step_.state);
    if (auto result = do_step()) return *std::move(result);
    if (context_.clock.monotonic_now() - begun_at > scan::turn_max) return scan::end_of_turn();
  }
}

Run::Result Run::do_step() {
  const auto& state = step_.state;
  if (state == "connecting") return connect();
  if (state == "loading") return load();
  if (state == "tasks") merge_issues();
  else if (state == "comments") merge_comments();
  else if (state == "exporting") export_tasks();
  else if (state == "synced" && step_.is_verify_due) verify();
  else {
    if (state == "disconnected") switch_off();
    return queue::AttemptResult{};
  }
  return std::nullopt;
}

template <class Function>
bool Run::commit(Function write) {
  attempt_.check();
  base::fault_point("before_connection_write");
  pg::Transaction transaction(connection_);
  queue::fence(connection_, attempt_.lease, context_.config.queue.lease_ttl);
  if (!write()) return false;
  queue::advance(connection_, attempt_.lease);
  base::fault_point("before_connection_commit");
  transaction.commit();
  return true;
}

void Run::move(const std::string& to, const std::optional<std::string>& cursor,
               std::optional<std::int64_t> done, std::optional<std::int64_t> total) {
  const bool is_moved = commit([&] {
    return sync::move_step(connection_, step_.id, {step_.state, to, cursor, done, total});
  });
  if (is_moved && to != step_.state)
    base::log::info("connection moved on", {{"repository", step_.repository}, {"state", to}});
}

void Run::block(const std::string& reason) {
  static_cast<void>(commit([&] {
    sync::block_connection(connection_, step_.id, reason);
    return true;
  }));
  base::log::warning("connection blocked", {{"repository", step_.repository}, {"reason", reason}});
}

void Run::report(std::int64_t done, std::int64_t total) const {
  if (!context_.on_progress) return;
  queue::Progress progress;
  progress.subject = step_.repository;
  progress.step = step_.state;
  progress.done = static_cast<std::uint64_t>(done);
  progress.total = static_cast<std::uint64_t>(total);
  context_.on_progress(progress);
}

// Operations that wait for records of an ended connection end as disabled.
void Run::switch_off() {
  for (bool is_more = true; is_more;)
    is_more = commit(
        [&] { return sync::switch_records(connection_, step_.id, false, switched_max) > 0; });
}

Run::Result Run::connect() {
  for (bool is_more = true; is_more;)
    is_more =
        commit([&] { return sync::switch_records(connection_, step_.id, true, switched_max) > 0; });
  if (step_.installation)
    if (const auto obstacle = sync::installation_obstacle(connection_, *step_.installation);
        !obstacle.empty()) {
      block(obstacle);
      return std::nullopt;
    }
  if (step_.repository.empty()) {
    block("repository_unknown");
    return std::nullopt;
  }
  if (step_.connected_by) return ask_rights();
  move("loading");
  return std::nullopt;
}

// Whoever connects a repository must be able to push to it. What the mirror was told lately counts.
Run::Result Run::ask_rights() {
  if (!step_.github_user) {
    block("no_github_account");
    return std::nullopt;
  }
  const auto can_push = sync::may_push(connection_, *step_.github_user, step_.repository_id,
                                       context_.config.mirror.access_max_age);
  if (can_push) {
    if (*can_push) move("loading");
    else block("no_push_access");
    return std::nullopt;
  }
  if (!step_.is_known) {
    const auto loaded = await_load("repository", {step_.repository, "", ""}, false);
    if (!loaded.is_over) return loaded.wait;
    if (!step_.is_known) block("repository_unknown");
    return std::nullopt;
  }
  const auto loaded =
      await_load("rights", {step_.repository, "collaborators", step_.github_login}, false);
  if (!loaded.is_over) return loaded.wait;
  block("no_push_access");
  return std::nullopt;
}

Run::Result Run::load() {
  const auto loaded = await_load("load", {step_.repository, "", ""}, true);
  if (!loaded.is_over) return loaded.wait;
  if (!step_.is_known || step_.is_ended) block("repository_unknown");
  else if (loaded.has_failed) block("load_failed");
  else if (!step_.has_issues) block("issues_off");
  else if (step_.is_archived) block("archived");
  else move("tasks", std::nullopt, 0, sync::count_rows(connection_, step_.repository_id).issues);
  return std::nullopt;
}

Run::Loaded Run::await_load(const char* name, const scan::Target& target, bool is_whole) {
  const auto known = in_cursor(step_.cursor, name);
  if (!known) {
    const bool is_recorded = commit([&] {
      scan::LoadOptions options;
      options.has_children = is_whole;
      options.is_adding = is_whole;
      options.request.source = queue::Source::reconcile;
      options.request.reason = "connected with a project";
      const auto recorded = scan::record_load_within(connection_, context_.config, target, options);
      return sync::move_step(
          connection_, step_.id,
          {step_.state, step_.state, Json::object({{name, recorded.id.text()}}).compact()});
    });
    if (!is_recorded) return {};
    queue::wake_workers(connection_);
    return {wait_for_mirror()};
  }
  std::optional<mirror::Load> load;
  try {
    load = mirror::load_status(connection_, base::OperationId::trusted(known->text()));
  } catch (const base::Error& error) {
    // It was pruned: nothing is known of how it ended.
    if (error.kind() != base::ErrorKind::not_found) throw;
    static_cast<void>(commit([&] {
      return sync::move_step(connection_, step_.id, {step_.state, step_.state});
    }));
    return {};
  }
  if (!load->is_over()) {
    report(load->progress.items, load->progress.items_expected.value_or(0));
    return {wait_for_mirror()};
  }
  // The step as the load has left it.
  auto step = sync::load_step(connection_, attempt_.lease.resource);
  if (step && step->state == step_.state) step_ = *std::move(step);
  return {std::nullopt, load->first_failed() != nullptr, true};
}

void Run::merge_issues() {
  const auto after = number_in_cursor(step_.cursor, "after");
  bool is_over = false;
  std::int64_t done = step_.done;
  static_cast<void>(commit([&] {
    const auto batch = sync::link_issues(connection_, step_.id, after, batch_rows_max);
    is_over = batch.rows == 0;
    if (is_over) return false;
    merging::Merging how;
    how.operation = attempt_.lease.operation;
    how.is_approved = step_.is_approved;
    const auto results = merging::merge_pairs(connection_, context_.config, batch.links, how);
    done += batch.rows;
    // The connection waits for a person now, who sees what was done before.
    if (is_any_held(results)) return true;
    return sync::move_step(
        connection_, step_.id,
        {step_.state, step_.state, Json::object({{"after", batch.last}}).compact(), done});
  }));
  if (is_over)
    move("comments", std::nullopt, 0, sync::count_rows(connection_, step_.repository_id).comments);
  else report(done, 0);
}

void Run::merge_comments() {
  const sync::CommentPlace after{number_in_cursor(step_.cursor, "number"),
                                 number_in_cursor(step_.cursor, "id")};
  bool is_over = false;
  std::int64_t done = step_.done;
  static_cast<void>(commit([&] {
    const auto batch = sync::link_comments(connection_, step_.id, after, batch_rows_max);
    is_over = batch.rows == 0;
    if (is_over) return false;
    merging::Merging how;
    how.operation = attempt_.lease.operation;
    how.is_approved = step_.is_approved;
    const auto results = merging::merge_pairs(connection_, context_.config, batch.links, how);
    done += batch.rows;
    if (is_any_held(results)) return true;
    return sync::move_step(
        connection_, step_.id,
        {step_.state, step_.state,
         Json::object({{"number", batch.last.number}, {"id", batch.last.id}}).compact(), done});
  }));
  if (is_over) move("exporting", std::nullopt, 0);
  else report(done, 0);
}

void Run::export_tasks() {
  // So many are counted; the exact number of more helps nobody to decide.
  constexpr int counted_max = 10'001;
  if (!step_.is_export_approved) {
    const auto count = sync::count_exportable(connection_, step_.id, counted_max);
    if (count > 0) {
      static_cast<void>(commit([&] {
        if (!sync::move_step(connection_, step_.id,
                             {step_.state, step_.state, std::nullopt, 0, count}))
          return false;
        sync::block_connection(connection_, step_.id, "export_unconfirmed");
        return true;
      }));
      return;
    }
  }
  std::int64_t exported = 0;
  const bool is_done = commit([&] {
    exported = sync::export_tasks(connection_, step_.id, batch_rows_max);
    return sync::move_step(connection_, step_.id,
                           {step_.state, step_.state, std::nullopt, step_.done + exported});
  });
  if (!is_done) return;
  if (exported > 0) {
    queue::wake_workers(connection_);
    return;
  }
  std::optional<std::string> last;
  do {
    static_cast<void>(commit([&] {
      last = sync::send_owed(connection_, step_.id, last, batch_rows_max);
      return true;
    }));
  } while (last);
  queue::wake_workers(connection_);
  static_cast<void>(commit([&] {
    if (!sync::move_step(connection_, step_.id, {step_.state, "synced"})) return false;
    sync::plan_verification(connection_, step_.id, context_.config.sync.verify_every, false);
    return true;
  }));
  base::log::info("connection is synced", {{"repository", step_.repository}});
}

void Run::verify() {
  const auto comparison = sync::compare(connection_, step_.id);
  const auto repaired = repair(connection_, step_.id, comparison, [&](auto write) {
    return commit([&] {
      write();
      return true;
    });
  });
  static_cast<void>(commit([&] {
    sync::plan_verification(connection_, step_.id, context_.config.sync.verify_every, true);
    return true;
  }));
  if (repaired > 0) {
    queue::wake_workers(connection_);
    base::log::warning("records differed from GitHub",
                       {{"repository", step_.repository}, {"records", repaired}});
  }
}

}  // namespace devy::connections
