#include "core/platform/queue/pause.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::queue {
namespace {

constexpr pg::Statement call_pause{"queue_pause", R"sql(
  select queue_pause($1::bigint, nullif($2::text, '')))sql"};

constexpr pg::Statement call_resume{"queue_resume", R"sql(
  select queue_resume($1::bigint))sql"};

constexpr pg::Statement allow_a_minute{"allow_a_minute", R"sql(
  set local statement_timeout = '60s')sql"};

constexpr pg::Statement call_pause_kind{"queue_pause_kind", R"sql(
  select queue_pause_kind($1::text, $2::text))sql"};

constexpr pg::Statement call_resume_kind{"queue_resume_kind", R"sql(
  select queue_resume_kind($1::text))sql"};

constexpr pg::Statement select_paused_kinds{"select_paused_kinds", R"sql(
  select kind, reason, paused_at from kind_pause order by kind)sql"};

constexpr pg::Statement select_pause{"select_pause", R"sql(
  select 1 as place, true as is_whole_queue, nullif(paused_until, 'infinity') as until, paused_at,
         reason, '' as kind
    from queue_control where paused_until > clock_timestamp()
  union all
  select 2, false, null, paused_at, reason, kind from kind_pause where kind = $2::text
  union all
  select 3, false, nullif(paused_until, 'infinity'), paused_at, paused_reason, ''
    from resource where id = $1::bigint and paused_until > clock_timestamp()
  order by place
  limit 1)sql"};

constexpr pg::Statement select_waiting{"select_waiting_operation", R"sql(
  select resource_id, kind from operation
   where id = $1::uuid and state in ('received', 'verified'))sql"};

}  // namespace

void pause(pg::Connection& connection, std::optional<ResourceId> resource,
           const std::string& reason) {
  connection.execute(call_pause, pg::Params(resource, reason));
}

void resume(pg::Connection& connection, std::optional<ResourceId> resource) {
  connection.execute(call_resume, pg::Params(resource));
}

void pause_kind(pg::Connection& connection, const std::string& kind, const std::string& reason) {
  connection.execute(allow_a_minute);
  connection.execute(call_pause_kind, pg::Params(kind, reason));
}

void resume_kind(pg::Connection& connection, const std::string& kind) {
  connection.execute(allow_a_minute);
  connection.execute(call_resume_kind, pg::Params(kind));
}

std::vector<PausedKind> paused_kinds(pg::Connection& connection) {
  std::vector<PausedKind> kinds;
  for (const auto row : connection.query(select_paused_kinds))
    kinds.push_back({row.text("kind"), row.text("reason"), row.time("paused_at")});
  return kinds;
}

std::optional<Pause> pause_of(pg::Connection& connection, ResourceId resource,
                              const std::string& kind) {
  const auto found = connection.maybe(select_pause, pg::Params(resource, kind));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return Pause{row.boolean("is_whole_queue"), row.maybe_time("paused_at"), row.maybe_time("until"),
               row.maybe_text("reason").value_or(""), row.text("kind")};
}

std::optional<Pause> pause_of(pg::Connection& connection, const base::OperationId& operation) {
  const auto found = connection.maybe(select_waiting, pg::Params(operation.text()));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return pause_of(connection, row.integer("resource_id"), row.text("kind"));
}

json::Json pause_json(const std::optional<Pause>& pause) {
  if (!pause) return {};
  return json::Json::object({{"whole_queue", pause->is_whole_queue},
                             {"kind", pause->kind.empty() ? json::Json() : json::Json(pause->kind)},
                             {"since", pause->since},
                             {"until", pause->until},
                             {"reason", pause->reason}});
}

std::string pause_text(const Pause& pause) {
  std::string text = pause.is_whole_queue ? "the queue is paused"
                     : pause.kind.empty() ? "paused"
                                          : "kind " + pause.kind + " is paused";
  if (pause.since) text += " since " + base::format_rfc3339(*pause.since);
  if (pause.until) text += " until " + base::format_rfc3339(*pause.until);
  if (!pause.reason.empty()) text += ": " + pause.reason;
  return text;
}

}  // namespace devy::queue
