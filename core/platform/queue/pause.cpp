#include "core/platform/queue/pause.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::queue {
namespace {

constexpr pg::Statement call_pause{"queue_pause", R"sql(
  select queue_pause($1::bigint, nullif($2::text, '')))sql"};

constexpr pg::Statement call_resume{"queue_resume", R"sql(
  select queue_resume($1::bigint))sql"};

constexpr pg::Statement select_pause{"select_pause", R"sql(
  select true as is_whole_queue, nullif(paused_until, 'infinity') as until, paused_at, reason
    from queue_control where paused_until > clock_timestamp()
  union all
  select false, nullif(paused_until, 'infinity'), paused_at, paused_reason
    from resource where id = $1::bigint and paused_until > clock_timestamp()
  order by is_whole_queue desc
  limit 1)sql"};

}  // namespace

void pause(pg::Connection& connection, std::optional<ResourceId> resource,
           const std::string& reason) {
  connection.execute(call_pause, pg::Params(resource, reason));
}

void resume(pg::Connection& connection, std::optional<ResourceId> resource) {
  connection.execute(call_resume, pg::Params(resource));
}

std::optional<Pause> pause_of(pg::Connection& connection, ResourceId resource) {
  const auto found = connection.maybe(select_pause, pg::Params(resource));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  return Pause{row.boolean("is_whole_queue"), row.maybe_time("paused_at"), row.maybe_time("until"),
               row.maybe_text("reason").value_or("")};
}

json::Json pause_json(const std::optional<Pause>& pause) {
  if (!pause) return {};
  return json::Json::object({{"whole_queue", pause->is_whole_queue},
                             {"since", pause->since},
                             {"until", pause->until},
                             {"reason", pause->reason}});
}

std::string pause_text(const Pause& pause) {
  std::string text = pause.is_whole_queue ? "the queue is paused" : "paused";
  if (pause.since) text += " since " + base::format_rfc3339(*pause.since);
  if (pause.until) text += " until " + base::format_rfc3339(*pause.until);
  if (!pause.reason.empty()) text += ": " + pause.reason;
  return text;
}

}  // namespace devy::queue
