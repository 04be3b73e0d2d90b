#include "core/platform/queue/finish.hpp"

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/platform/queue/lease_time.hpp"
#include "core/platform/queue/read_row.hpp"

namespace devy::queue {
namespace {

constexpr std::size_t error_text_bytes_max = 4096;  // of a message kept with an attempt

std::optional<std::string> maybe(const std::string& text) {
  // The text is made safe, because the database has to accept it whatever its origin.
  return base::unless_empty(base::safe_text(text, error_text_bytes_max));
}

}  // namespace

constexpr pg::Statement begin_operation_step{"begin_operation_step", R"sql(
  select operation_step(
    p_resource_id => $1::bigint,
    p_operation_id => $2::uuid,
    p_fence => $3::bigint,
    p_worker => $9::text,
    p_ttl => make_interval(secs => $4::double precision),
    p_step => $5::text,
    p_is_interruptible => $6::boolean,
    p_patience => make_interval(secs => $7::double precision),
    p_revision => $8::text) as verdict)sql",
                                             true};

StepVerdict begin_step(pg::Connection& connection, const Lease& lease, const StepOptions& options) {
  const auto rows = connection.one(
      begin_operation_step,
      pg::Params(lease.resource, lease.operation.text(), lease.fence, seconds_of(options.ttl),
                 options.step, options.is_interruptible, seconds_of(options.patience),
                 options.fetched_revision, lease.worker));
  const auto verdict = rows[0].view("verdict");
  if (verdict == "cancelled") return StepVerdict::cancelled;
  if (verdict == "superseded") return StepVerdict::superseded;
  return StepVerdict::go_on;
}

constexpr pg::Statement advance_operation{"advance_operation", R"sql(
  select operation_advance(p_operation_id => $1::uuid))sql",
                                          true};

void advance(pg::Connection& connection, const Lease& lease) {
  connection.execute(advance_operation, pg::Params(lease.operation.text()));
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed: return "completed";
    case Outcome::failed: return "failed";
    case Outcome::retry: return "retry";
    case Outcome::cancelled: return "cancelled";
    case Outcome::held: return "held";
    case Outcome::interrupted: return "interrupted";
    case Outcome::dropped: return "dropped";
  }
  return "";
}

constexpr pg::Statement finish_operation{"finish_operation", R"sql(
  select operation_finish(
    p_resource_id => $1::bigint,
    p_operation_id => $2::uuid,
    p_fence => $3::bigint,
    p_worker => $11::text,
    p_outcome => $4::text,
    p_revision => $5::text,
    p_code => $6::text,
    p_text => $7::text,
    p_hint => $8::text,
    p_delay => make_interval(secs => $9::double precision),
    p_pointer => $10::uuid,
    p_event_at => $12::timestamptz,
    p_stalled_max => make_interval(secs => $13::double precision)) as state)sql",
                                         true};

State finish(pg::Connection& connection, const Lease& lease, const AttemptResult& result) {
  const auto delay = result.delay ? std::optional(seconds_of(*result.delay)) : std::nullopt;
  const auto pointer = result.pointer ? std::optional(result.pointer->text()) : std::nullopt;
  const auto event_at =
      result.event_at ? std::optional(base::format_rfc3339(*result.event_at)) : std::nullopt;
  const auto stalled_max =
      result.stalled_max ? std::optional(seconds_of(*result.stalled_max)) : std::nullopt;
  const auto rows = connection.one(
      finish_operation,
      pg::Params(lease.resource, lease.operation.text(), lease.fence, to_string(result.outcome),
                 result.revision, maybe(result.error_code), maybe(result.error_text),
                 maybe(result.error_hint), delay, pointer, lease.worker, event_at, stalled_max));
  return read_state(rows[0], "state");
}

}  // namespace devy::queue
