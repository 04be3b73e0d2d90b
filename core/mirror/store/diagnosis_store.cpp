#include "core/mirror/store/diagnosis_store.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement select_conditions{"mirror_conditions", R"sql(
  select r.full_name, coalesce(r.private, false) as is_private,
         r.last_replicated_via_webhook_at is null as is_unheard,
         exists (select from github.repository_hook h where h.repository_id = r.id and h.is_ours)
           and not exists (select from github.repository_hook h
                            where h.repository_id = r.id and h.is_ours and h.active and h.deleted_at is null) as has_lost_hook,
         num_nulls(r.labels_last_scanned_at, r.milestones_last_scanned_at, r.issues_last_scanned_at,
                   r.pull_requests_last_scanned_at) > 0
           and not exists (select from mirror_scan s where s.repository_id = r.id and s.finished_at is null) as is_unread,
         coalesce(least(r.labels_last_scanned_at, r.milestones_last_scanned_at, r.issues_last_scanned_at,
                        r.pull_requests_last_scanned_at)
                  < clock_timestamp() - $1::bigint * interval '1 hour', false) as is_stale
  from github.repository r
  where r.is_mirrored and r.deleted_at is null
  order by lower(r.full_name))sql"};

constexpr pg::Statement select_refused{"mirror_refused_targets", R"sql(
  select distinct m.target
  from operation o
  join mirror_operation m on m.operation_id = o.id
  where o.finished_at > clock_timestamp() - interval '1 day' and m.actor_id is null
    and o.error_code in ('github_unauthorized', 'github_forbidden') and o.state = 'failed'
    and not exists (select from operation n
                     where n.resource_id = o.resource_id and n.state = 'completed' and n.finished_at > o.finished_at)
  order by m.target)sql"};

}  // namespace

std::vector<Condition> conditions(pg::Connection& connection, std::chrono::hours stale_after) {
  std::vector<Condition> all;
  for (const auto row : connection.query(select_conditions, pg::Params(stale_after.count())))
    all.push_back({row.text("full_name"), row.boolean("is_private"), row.boolean("is_unheard"),
                   row.boolean("has_lost_hook"), row.boolean("is_unread"),
                   row.boolean("is_stale")});
  return all;
}

std::vector<std::string> refused_targets(pg::Connection& connection) {
  std::vector<std::string> targets;
  for (const auto row : connection.query(select_refused))
    targets.push_back(row.text("target"));
  return targets;
}

}  // namespace devy::mirror
