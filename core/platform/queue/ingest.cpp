#include "core/platform/queue/ingest.hpp"

#include <atomic>
#include <chrono>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/read_row.hpp"

namespace devy::queue {
namespace {

using base::Error;
using base::ErrorKind;

// More often than this a notification only costs: it serialises commits, and workers that it woke
// look again by themselves after this time (runner.cpp).
constexpr std::chrono::milliseconds notify_interval{50};

std::optional<std::string> time_text(const std::optional<base::TimePoint>& time) {
  if (!time) return std::nullopt;
  return base::format_rfc3339(*time);
}

Error already_ended(const char* act, const OperationId& id, const char* cause, const char* hint) {
  return {ErrorKind::conflict, std::string("unable to ") + act + " '" + id.text() + "': " + cause,
          hint, "operation_conflict"};
}

}  // namespace

constexpr pg::Statement ingest_operation{"ingest_operation", R"sql(
  select o_id, o_state, o_pointer, o_is_new
    from operation_ingest(
      p_id => $1::uuid,
      p_resource_id => $2::bigint,
      p_kind => $3::text,
      p_source => $4::text,
      p_event_id => $5::text,
      p_event_at => $6::timestamptz,
      p_revision => $7::text,
      p_variant => $8::text,
      p_is_forced => $9::boolean,
      p_priority => $10::smallint,
      p_max_attempts => $11::integer,
      p_idempotency_key => $12::text,
      p_requested_by => nullif($13::text, ''),
      p_reason => nullif($14::text, ''),
      p_owner => $16::text,
      p_lane => $17::text,
      p_direction => $15::text))sql",
                                         true};

Ingested ingest(pg::Connection& connection, const NewOperation& operation) {
  const auto result = connection.one(
      ingest_operation,
      pg::Params(operation.id.text(), operation.resource, operation.kind,
                 to_string(operation.source), operation.event_id, time_text(operation.event_at),
                 operation.revision, operation.variant, operation.is_forced, operation.priority,
                 operation.max_attempts, operation.idempotency_key, operation.requested_by,
                 operation.reason, to_string(operation.direction), operation.owner,
                 operation.lane));
  return read_ingested(result[0]);
}

Ingested read_ingested(const pg::Row& row) {
  return {read_id(row, "o_id"), read_state(row, "o_state"), read_maybe_id(row, "o_pointer"),
          row.boolean("o_is_new")};
}

// Reads first: an insert that loses to a conflict still burns an id and writes.
constexpr pg::Statement find_resource{"find_resource", R"sql(
  select id, owner
    from resource
   where kind = $1::text and key = $2::text)sql"};

constexpr pg::Statement make_resource{"make_resource", R"sql(
  insert into resource (kind, key, owner)
  values ($1::text, $2::text, $3::text)
  on conflict (kind, key) do update set owner = excluded.owner
  returning id)sql"};

ResourceId ensure_resource(pg::Connection& connection, const std::string& kind,
                           const std::string& key, const std::string& owner) {
  if (const auto found = connection.maybe(find_resource, pg::Params(kind, key)))
    if ((*found)[0].view("owner") == owner) return (*found)[0].integer("id");
  return connection.one(make_resource, pg::Params(kind, key, owner))[0].integer("id");
}

constexpr pg::Statement switch_resource{"switch_resource", R"sql(
  select resource_switch(p_resource_id => $1::bigint, p_is_enabled => $2::boolean))sql"};

void set_enabled(pg::Connection& connection, ResourceId resource, bool is_enabled) {
  connection.execute(switch_resource, pg::Params(resource, is_enabled));
}

constexpr pg::Statement cancel_operation{"cancel_operation", R"sql(
  select operation_cancel(
    p_operation_id => $1::uuid,
    p_is_forced => $2::boolean,
    p_reason => $3::text) as state)sql"};

State cancel(pg::Connection& connection, const OperationId& id, bool is_forced,
             const std::string& reason) {
  const auto result = connection.one(cancel_operation, pg::Params(id.text(), is_forced, reason));
  if (result[0].view("state") == "conflict")
    throw Error(cancel_obstacle(id, State::completed).value());
  return read_state(result[0], "state");
}

std::optional<Error> cancel_obstacle(const OperationId& id, State state) {
  if (!is_terminal(state)) return std::nullopt;
  return already_ended("cancel", id, "it has already ended", "See `devy-upload inspect`.");
}

std::optional<Error> approve_obstacle(const OperationId& id, State state) {
  if (state == State::held) return std::nullopt;
  return already_ended("approve", id, "it is not held", "See `devy-upload inspect`.");
}

constexpr pg::Statement replay_operation{"replay_operation", R"sql(
  select o_state, o_pointer
    from operation_replay(
      p_operation_id => $1::uuid,
      p_is_forced => $2::boolean,
      p_from_start => $3::boolean,
      p_extra_attempts => $4::integer,
      p_requested_by => nullif($5::text, ''),
      p_reason => nullif($6::text, '')))sql"};

constexpr pg::Statement judge_replay{"judge_replay", R"sql(
  select o_state, o_pointer
    from operation_replay_verdict(
      p_operation_id => $1::uuid,
      p_is_forced => $2::boolean,
      p_from_start => $3::boolean))sql"};

namespace {

std::optional<Error> read_obstacle(const OperationId& id, const pg::Row& row) {
  const auto verdict = row.view("o_state");
  if (verdict == "conflict")
    return already_ended("replay", id, "it has not ended", "Wait for it, or cancel it first.");
  if (verdict == "disabled")
    return already_ended("replay", id, "what it works on is switched off",
                         "Connect the blog again, then replay.");
  if (verdict == "dropped")
    return Error(ErrorKind::conflict,
                 "unable to replay '" + id.text() + "': the newer " + row.text("o_pointer") +
                     " goes before it",
                 "To put it over what is newer, say --force.", "newer_upload");
  return std::nullopt;
}

}  // namespace

void replay(pg::Connection& connection, const OperationId& id, const ReplayOptions& options) {
  const auto result = connection.one(
      replay_operation, pg::Params(id.text(), options.is_forced, options.is_from_start,
                                   options.extra_attempts, options.requested_by, options.reason));
  if (auto obstacle = read_obstacle(id, result[0])) throw Error(*std::move(obstacle));
}

std::optional<Error> replay_obstacle(pg::Connection& connection, const OperationId& id,
                                     const ReplayOptions& options) {
  const auto result =
      connection.one(judge_replay, pg::Params(id.text(), options.is_forced, options.is_from_start));
  return read_obstacle(id, result[0]);
}

constexpr pg::Statement approve_operation{"approve_operation", R"sql(
  select operation_approve(
    p_operation_id => $1::uuid,
    p_requested_by => nullif($2::text, ''),
    p_reason => nullif($3::text, '')) as state)sql"};

void approve(pg::Connection& connection, const OperationId& id, const std::string& requested_by,
             const std::string& reason) {
  const auto result =
      connection.one(approve_operation, pg::Params(id.text(), requested_by, reason));
  if (result[0].view("state") == "conflict")
    throw Error(approve_obstacle(id, State::completed).value());
}

// A hint need not be on the disk before it is heard.
constexpr pg::Statement notify_workers{"notify_workers", R"sql(
  select set_config('synchronous_commit', 'off', true), pg_notify('devy_operation', ''))sql",
                                       true};

void wake_workers(pg::Connection& connection) noexcept {
  // Shared by all threads of the process, because the bound is on what the server sees.
  static std::atomic<std::int64_t> notified_ms{0};
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          base::system_clock().monotonic_now().time_since_epoch())
                          .count();
  auto last_ms = notified_ms.load();
  if (now_ms - last_ms < notify_interval.count()) return;
  if (!notified_ms.compare_exchange_strong(last_ms, now_ms)) return;
  try {
    connection.execute(notify_workers);
  } catch (const std::exception& error) {
    base::log::debug("notification failed", {{"error", error.what()}});
  }
}

}  // namespace devy::queue
