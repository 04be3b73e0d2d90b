#include "core/platform/web/operation_detail.hpp"

#include "core/platform/web/operation_row.hpp"

namespace devy::web {
namespace {

constexpr pg::Statement select_detail{"console_operation", R"sql(
  select o.arrival, o.id, o.kind, o.state, o.source, o.owner, o.step, o.error_code, o.error_text,
         o.attempt, o.max_attempts, o.created_at,
         case when isfinite(o.run_at) then o.run_at end as run_at, o.started_at, o.finished_at,
         r.kind as resource_kind, r.key, r.id as resource_id, r.is_enabled,
         coalesce(r.paused_until > clock_timestamp(), false) as is_resource_paused, o.lane, o.direction,
         o.priority, o.replays, o.error_hint, o.requested_by, o.reason, o.cancel_reason, o.event_id,
         o.announced_revision, o.fetched_revision,
         case when isfinite(o.event_at) then o.event_at end as event_at, o.waiting_since,
         o.cancel_requested_at, l.worker, l.lease_expires_at
    from operation o
         join resource r on r.id = o.resource_id
         left join lease l on l.resource_id = o.resource_id and l.operation_id = o.id
   where o.id = $1::uuid)sql",
                                      true};

// An operation has one pointer at most; operation_pointer finds those that have it as theirs.
constexpr pg::Statement select_pointers{"console_pointers", R"sql(
  select p.id, p.kind, p.state, true as is_from_it,
         case when o.cancelled_by is not null then 'superseded by'
              when o.duplicate_of is not null then 'duplicate of' else 'dropped for' end as relation
    from operation o
         join operation p on p.id = coalesce(o.cancelled_by, o.duplicate_of, o.dropped_for)
   where o.id = $1::uuid
  union all
  (select p.id, p.kind, p.state, false,
          case when p.cancelled_by is not null then 'supersedes'
               when p.duplicate_of is not null then 'has the duplicate' else 'goes before' end
     from operation p
    where coalesce(p.cancelled_by, p.duplicate_of, p.dropped_for) = $1::uuid
    order by p.arrival desc
    limit $2::integer))sql",
                                        true};

void read_pointers(pg::Connection& connection, OperationDetail& detail) {
  for (const auto row :
       connection.query(select_pointers, pg::Params(detail.line.id, pointing_max))) {
    auto& pointers = row.boolean("is_from_it") ? detail.points_to : detail.pointed_to_by;
    pointers.push_back({row.text("id"), row.text("kind"), row.text("state"), row.text("relation")});
  }
}

bool waits(const std::string& state) {
  return state == "received" || state == "verified" || state == "held";
}

}  // namespace

std::optional<OperationDetail> find_detail(pg::Connection& connection, const std::string& id) {
  const auto rows = connection.maybe(select_detail, pg::Params(id));
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  OperationDetail detail;
  detail.line = read_line(row);
  detail.resource = row.integer("resource_id");
  detail.lane = row.text("lane");
  detail.direction = row.text("direction");
  detail.priority = static_cast<int>(row.integer("priority"));
  detail.replays = static_cast<int>(row.integer("replays"));
  detail.error_hint = row.maybe_text("error_hint");
  detail.requested_by = row.maybe_text("requested_by");
  detail.reason = row.maybe_text("reason");
  detail.cancel_reason = row.maybe_text("cancel_reason");
  detail.event_id = row.maybe_text("event_id");
  detail.announced_revision = row.maybe_text("announced_revision");
  detail.fetched_revision = row.maybe_text("fetched_revision");
  detail.event_at = row.maybe_time("event_at");
  detail.waiting_since = row.maybe_time("waiting_since");
  detail.cancel_requested_at = row.maybe_time("cancel_requested_at");
  detail.worker = row.maybe_text("worker");
  detail.lease_expires_at = row.maybe_time("lease_expires_at");
  detail.is_enabled = row.boolean("is_enabled");
  detail.is_resource_paused = row.boolean("is_resource_paused");
  if (waits(detail.line.state))
    detail.pause = queue::pause_of(connection, detail.resource, detail.line.kind);
  read_pointers(connection, detail);
  return detail;
}

}  // namespace devy::web
