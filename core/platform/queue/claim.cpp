#include <algorithm>

#include "core/platform/pg/schema_version.hpp"
#include "core/platform/queue/lease.hpp"
#include "core/platform/queue/lease_time.hpp"
#include "core/platform/queue/read_row.hpp"

namespace devy::queue {
namespace {

// For this long, operations that join the front of the queue may be skipped.
constexpr std::chrono::milliseconds line_memory{100};

}  // namespace

void ClaimCursor::note(const std::optional<Lease>& claimed, base::MonotonicTime now) {
  if (!place(now)) front_seen_at_ = now;
  if (claimed && claimed->after_owner) after_owner_ = claimed->after_owner;
  else if (claimed) place_ = claimed->place;
  else place_.reset();
}

std::optional<QueuePosition> ClaimCursor::place(base::MonotonicTime now) const {
  return now - front_seen_at_ < line_memory ? place_ : std::nullopt;
}

// A claim does not wait until it is on the disk. A server that crashes and loses the claim has lost
// the whole attempt, and the fence, which checks operation, number and worker, refuses what its
// worker still tries to write. Whatever that worker commits before the crash takes the claim to the
// disk with it.
constexpr pg::Statement claim_operation{"claim_operation", R"sql(
  select o_id, o_resource_id, o_fence, o_kind, o_step, o_fetched_revision, o_announced_revision,
         o_attempt, o_max_attempts, o_is_forced, o_is_approved, o_priority, o_run_at, o_arrival,
         o_after_owner, set_config('synchronous_commit', 'off', true)
    from operation_claim(
      p_worker => $1::text,
      p_ttl => make_interval(secs => $2::double precision),
      p_lane => $3::text,
      p_kinds => $4::text[],
      p_owner_running_max => $5::integer,
      p_only => $6::uuid,
      p_schema_version => $7::integer,
      p_priority => $8::smallint,
      p_run_at => $9::timestamptz,
      p_arrival => $10::bigint,
      p_after_owner => $11::text))sql",
                                        true};

std::optional<Lease> claim(pg::Connection& connection, const base::Clock& clock,
                           const ClaimOptions& options) {
  const auto sent_at = clock.monotonic_now();
  const auto only = options.only ? std::optional(options.only->text()) : std::nullopt;
  std::optional<std::int64_t> priority;
  if (options.from) priority = options.from->priority;
  const auto result = connection.maybe(
      claim_operation,
      pg::Params(options.worker, seconds_of(options.ttl), options.lane, options.kinds,
                 options.owner_running_max, only, pg::schema_version, priority,
                 options.from ? options.from->run_at : "-infinity",
                 options.from ? options.from->arrival : 0, options.after_owner));
  if (!result) return std::nullopt;
  const auto row = (*result)[0];
  Lease lease;
  lease.operation = read_id(row, "o_id");
  lease.resource = row.integer("o_resource_id");
  lease.fence = row.integer("o_fence");
  lease.worker = options.worker;
  lease.kind = row.text("o_kind");
  lease.step = row.maybe_text("o_step");
  lease.fetched_revision = row.maybe_text("o_fetched_revision");
  lease.announced_revision = row.maybe_text("o_announced_revision");
  lease.attempt = static_cast<int>(row.integer("o_attempt"));
  lease.max_attempts = static_cast<int>(row.integer("o_max_attempts"));
  lease.is_forced = row.boolean("o_is_forced");
  lease.is_approved = row.boolean("o_is_approved");
  lease.trusted_until = trusted_until(sent_at, options.ttl);
  lease.place = {row.integer("o_priority"), row.text("o_run_at"), row.integer("o_arrival")};
  lease.after_owner = row.maybe_text("o_after_owner");
  return lease;
}

constexpr pg::Statement find_next_due{"find_next_due", R"sql(
  select extract(epoch from due.at - clock_timestamp())::double precision * 1000 as due_ms
    from lane_next_due(p_lane => $1::text) as due (at)
   where due.at is not null)sql"};

std::optional<std::chrono::milliseconds> next_due(pg::Connection& connection,
                                                  std::string_view lane) {
  const auto found = connection.maybe(find_next_due, pg::Params(lane));
  if (!found) return std::nullopt;
  const double due_ms = std::clamp((*found)[0].real("due_ms"), 0.0, 1e9);
  return std::chrono::milliseconds(static_cast<long>(due_ms) + 1);
}

}  // namespace devy::queue
