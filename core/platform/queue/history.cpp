#include "core/platform/queue/history.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::queue {
namespace {

using json::Json;

constexpr pg::Statement select_attempts{"select_attempts", R"sql(
  select number, worker, started_at, ended_at, outcome, step, error_code, error_text, error_hint,
         repeats, repeated_since
  from attempt where operation_id = $1::uuid
  order by fence)sql"};

constexpr pg::Statement select_events{"select_events", R"sql(
  select seq, attempt, at, state, step, detail ->> 'code' as code, detail ->> 'message' as message,
         detail ->> 'reason' as reason, detail ->> 'by' as by, detail ->> 'pointer' as pointer
  from operation_event
  where operation_id = $1::uuid
    and (seq > $2::integer or at > $3::timestamptz + interval '1 millisecond')
  order by seq
  limit 10000)sql"};

std::vector<EventRow> read_events(pg::Connection& connection, const pg::Params& params) {
  std::vector<EventRow> events;
  for (const auto row : connection.query(select_events, params))
    events.push_back({static_cast<int>(row.integer("seq")),
                      static_cast<int>(row.integer("attempt")), row.time("at"), row.text("state"),
                      row.maybe_text("step"), row.maybe_text("code"), row.maybe_text("message"),
                      row.maybe_text("reason"), row.maybe_text("by"), row.maybe_text("pointer")});
  return events;
}

}  // namespace

std::vector<AttemptRow> list_attempts(pg::Connection& connection, const OperationId& id) {
  std::vector<AttemptRow> attempts;
  for (const auto row : connection.query(select_attempts, pg::Params(id.text())))
    attempts.push_back(
        {static_cast<int>(row.integer("number")), row.text("worker"), row.time("started_at"),
         row.maybe_time("ended_at"), row.maybe_text("outcome"), row.maybe_text("step"),
         row.maybe_text("error_code"), row.maybe_text("error_text"), row.maybe_text("error_hint"),
         static_cast<int>(row.integer("repeats")), row.maybe_time("repeated_since")});
  return attempts;
}

std::vector<EventRow> list_events(pg::Connection& connection, const OperationId& id,
                                  const std::optional<EventRow>& after) {
  const auto after_at = after ? std::optional(base::format_rfc3339(after->at)) : std::nullopt;
  return read_events(connection, pg::Params(id.text(), after ? after->seq : 0, after_at));
}

std::vector<EventRow> list_events_behind(pg::Connection& connection, const OperationId& id,
                                         int seq) {
  return read_events(connection, pg::Params(id.text(), seq, std::nullopt));
}

json::Json error_json(const std::optional<std::string>& code,
                      const std::optional<std::string>& message,
                      const std::optional<std::string>& hint) {
  if (!code && !message) return {};
  return Json::object({{"code", code}, {"message", message}, {"hint", hint}});
}

json::Json attempt_json(const AttemptRow& attempt) {
  return Json::object(
      {{"number", attempt.number},
       {"worker", attempt.worker},
       {"started_at", attempt.started_at},
       {"ended_at", attempt.ended_at},
       {"outcome", attempt.outcome},
       {"step", attempt.step},
       {"error", error_json(attempt.error_code, attempt.error_text, attempt.error_hint)},
       {"repeats", attempt.repeats},
       {"repeated_since", attempt.repeated_since}});
}

json::Json event_json(const EventRow& event) {
  return Json::object({{"seq", event.seq},
                       {"attempt", event.attempt},
                       {"at", event.at},
                       {"state", event.state},
                       {"step", event.step},
                       {"code", event.code},
                       {"message", event.message},
                       {"reason", event.reason},
                       {"by", event.by},
                       {"pointer", event.pointer}});
}

}  // namespace devy::queue
