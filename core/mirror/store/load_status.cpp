#include "core/mirror/store/load_status.hpp"

#include <algorithm>
#include <set>

#include "core/platform/base/error.hpp"

namespace devy::mirror {
namespace {

using json::Json;
using queue::State;

// A load of a user's repositories, of one, its scans, their parts; what is deeper is none of it.
constexpr pg::Statement select_steps{"select_mirror_load", R"sql(
  with recursive step as (
    select m.operation_id, m.child_ids, 0 as depth
    from mirror_operation m
    where m.operation_id = $1::uuid
    union
    select m.operation_id, m.child_ids, s.depth + 1
    from step s
    join mirror_operation m on m.operation_id = any(s.child_ids)
    where s.depth < 4)
  select o.id, o.kind, m.target, m.slot, m.repository_id, m.actor_id, coalesce(o.requested_by, '') as requested_by, o.state, o.attempt, o.created_at, o.run_at, o.started_at,
         o.finished_at, coalesce(o.error_code, '') as error_code,
         coalesce(o.error_text, '') as error_text, coalesce(o.error_hint, '') as error_hint
  from (select operation_id, min(depth) as depth from step group by operation_id) s
  join mirror_operation m on m.operation_id = s.operation_id
  join operation o on o.id = s.operation_id
  order by s.depth, o.arrival)sql"};

constexpr pg::Statement select_progress{"select_mirror_load_progress", R"sql(
  select coalesce(sum(parts), 0) as parts, coalesce(sum(parts - parts_open), 0) as parts_done,
         coalesce(sum(requests), 0) as requests, coalesce(sum(items), 0) as items,
         coalesce(sum(applied), 0) as applied, coalesce(sum(stale), 0) as stale,
         coalesce(sum(gone), 0) as gone,
         case when count(*) = count(items_expected) then sum(items_expected) end as items_expected,
         coalesce(min(phase) filter (where finished_at is null), max(phase), '') as phase
  from mirror_scan
  where id = any($1::uuid[]))sql"};

LoadStep read_step(const pg::Row& row) {
  LoadStep step;
  step.id = base::OperationId::trusted(row.text("id"));
  step.kind = row.text("kind");
  step.target = row.text("target");
  if (const auto slot = row.maybe_integer("slot")) step.slot = static_cast<int>(*slot);
  step.repository_id = row.maybe_integer("repository_id");
  step.requested_by = row.text("requested_by");
  step.actor_id = row.maybe_integer("actor_id");
  step.state = queue::parse_state(row.view("state")).value();
  step.attempt = static_cast<int>(row.integer("attempt"));
  step.created_at = row.time("created_at");
  step.run_at = row.maybe_time("run_at");
  step.started_at = row.maybe_time("started_at");
  step.finished_at = row.maybe_time("finished_at");
  step.error_code = row.text("error_code");
  step.error_text = row.text("error_text");
  step.error_hint = row.text("error_hint");
  return step;
}

LoadProgress read_progress(const pg::Row& row) {
  LoadProgress progress;
  progress.parts = row.integer("parts");
  progress.parts_done = row.integer("parts_done");
  progress.requests = row.integer("requests");
  progress.items = row.integer("items");
  progress.items_expected = row.maybe_integer("items_expected");
  progress.applied = row.integer("applied");
  progress.stale = row.integer("stale");
  progress.gone = row.integer("gone");
  return progress;
}

Json error_json(const LoadStep* failed) {
  if (failed == nullptr || failed->error_code.empty()) return {};
  return Json::object({{"code", failed->error_code},
                       {"message", failed->error_text},
                       {"hint", failed->error_hint}});
}

}  // namespace

std::string_view to_string(LoadState state) {
  switch (state) {
    case LoadState::pending: return "PENDING";
    case LoadState::started: return "STARTED";
    case LoadState::retry: return "RETRY";
    case LoadState::success: return "SUCCESS";
    case LoadState::failure: return "FAILURE";
    case LoadState::revoked: break;
  }
  return "REVOKED";
}

LoadState state_of(const LoadStep& step) {
  switch (step.state) {
    case State::received:
    case State::verified: return step.attempt > 0 ? LoadState::retry : LoadState::pending;
    case State::scheduled:
    case State::processing:
    case State::held: return LoadState::started;
    case State::completed:
    case State::dropped:
    case State::duplicate: return LoadState::success;
    case State::failed: return LoadState::failure;
    case State::cancelled:
    case State::disabled: break;
  }
  return LoadState::revoked;
}

bool Load::is_over() const {
  return std::ranges::all_of(steps,
                             [](const auto& step) { return queue::is_terminal(step.state); });
}

const LoadStep* Load::held() const {
  const auto found =
      std::ranges::find_if(steps, [](const auto& step) { return step.state == State::held; });
  return found == steps.end() ? nullptr : &*found;
}

const LoadStep* Load::first_failed() const {
  const auto found = std::ranges::find_if(steps, [](const auto& step) {
    const auto state = state_of(step);
    return state == LoadState::failure || state == LoadState::revoked;
  });
  return found == steps.end() ? nullptr : &*found;
}

LoadState Load::state() const {
  if (is_over()) return first_failed() == nullptr ? LoadState::success : state_of(*first_failed());
  const auto state = state_of(own());
  return state == LoadState::success ? LoadState::started : state;
}

Load load_status(pg::Connection& connection, const base::OperationId& id) {
  Load load;
  std::vector<std::string> ids;
  for (const auto row : connection.query(select_steps, pg::Params(id.text()))) {
    load.steps.push_back(read_step(row));
    ids.push_back(row.text("id"));
  }
  if (load.steps.empty())
    throw base::Error(base::ErrorKind::not_found, "no load has the id '" + id.text() + "'",
                      "`devy-upload mirror scan list` shows what was loaded.");
  const auto rows = connection.one(select_progress, pg::Params(ids));
  load.progress = read_progress(rows[0]);
  load.phase = rows[0].text("phase");
  return load;
}

Json load_json(const Load& load) {
  const auto& own = load.own();
  auto children = Json::array();
  std::optional<base::TimePoint> finished_at = own.finished_at;
  for (const auto& step : load.steps) {
    if (step.finished_at)
      finished_at = std::max(finished_at.value_or(*step.finished_at), *step.finished_at);
    if (&step == &own || step.slot) continue;
    children.push(Json::object({{"id", step.id},
                                {"target", step.target},
                                {"status", std::string(to_string(state_of(step)))}}));
  }
  const auto& progress = load.progress;
  const auto state = load.state();
  return Json::object({{"status", std::string(to_string(state))},
                       {"id", own.id},
                       {"target", own.target},
                       {"phase", load.phase.empty() ? Json() : Json(load.phase)},
                       {"progress", Json::object({{"parts", progress.parts},
                                                  {"parts_done", progress.parts_done},
                                                  {"requests", progress.requests},
                                                  {"items", progress.items},
                                                  {"applied", progress.applied},
                                                  {"stale", progress.stale},
                                                  {"gone", progress.gone}})},
                       {"children", children},
                       {"started_at", own.started_at},
                       {"finished_at", load.is_over() ? finished_at : std::nullopt},
                       {"retry_at", state == LoadState::retry ? own.run_at : std::nullopt},
                       {"error", error_json(load.first_failed())}});
}

}  // namespace devy::mirror
