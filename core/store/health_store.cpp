#include "core/store/health_store.hpp"

namespace devy::store {
namespace {

// As operation_claim() judges, fairness aside.
constexpr pg::Statement measure_health{"measure_health", R"sql(
  select (select count(*) from (
            select 1 from operation o
             where o.state = 'verified' and o.direction = 'inbound' and o.run_at <= now()
               and not exists (select 1 from lease l
                                where l.resource_id = o.resource_id and l.operation_id is not null)
               and not exists (select 1 from resource r
                                where r.id = o.resource_id
                                  and (not r.is_enabled or r.paused_until is not null)
                                  and (not r.is_enabled or r.paused_until > now()))
             limit $1::bigint) w) as waiting,
         (select count(*) from operation where state in ('scheduled', 'processing')) as running,
         (select count(*) from lease
           where operation_id is not null and lease_expires_at < clock_timestamp()) as expired,
         (select extract(epoch from clock_timestamp() - min(run_at))::float8
            from operation
           where state = 'verified' and direction = 'inbound' and run_at <= now()) as oldest,
         (select count(*) from commit_status where sent < wanted) as unsent,
         (select extract(epoch from clock_timestamp() - min(o.created_at))::float8
            from commit_status s join operation o on o.id = s.operation_id
           where s.sent < s.wanted) as oldest_unsent,
         coalesce((select paused_until > clock_timestamp() from queue_control), false) as is_paused,
         not pg_is_in_recovery()
           and current_setting('transaction_read_only') = 'off' as takes_writes)sql"};

constexpr pg::Statement count_open{"count_open", R"sql(
  select state, count(*) as count
    from operation
   where state in ('received', 'verified', 'held') and direction = 'inbound'
   group by state
  union all
  select state, count(*)
    from operation
   where state in ('scheduled', 'processing') and direction = 'inbound'
   group by state)sql"};

constexpr pg::Statement next_mark{"next_mark", R"sql(
  select (clock_timestamp() - interval '3 seconds')::text as mark)sql"};

constexpr pg::Statement select_finished{"select_finished", R"sql(
  select o.state,
         case when o.state = 'completed' and o.kind = 'upload' and not o.is_approved then
           extract(epoch from o.finished_at - o.waiting_since)::float8
         end as visible_seconds,
         coalesce(u.created, 0) as created, coalesce(u.updated, 0) as updated,
         coalesce(u.renamed, 0) as renamed, coalesce(u.deleted, 0) as deleted
    from operation o
    left join upload u on u.operation_id = o.id and o.state = 'completed'
   where o.direction = 'inbound'
     and o.finished_at > $1::timestamptz
     and o.finished_at <= $2::timestamptz)sql"};

constexpr pg::Statement select_daemons{"select_daemons", R"sql(
  select name, version, state, started_at, seen_at, workers, busy,
         seen_at < clock_timestamp() - $1::bigint * interval '1 second' as is_lost
    from daemon
   where seen_at > clock_timestamp() - interval '1 day'
   order by name)sql"};

constexpr pg::Statement upsert_daemon{"upsert_daemon", R"sql(
  insert into daemon as d (name, version, state, workers, busy)
  values ($1::text, $2::text, $3::text, $4::integer, $5::integer)
      on conflict (name) do update
     set version = excluded.version,
         state = excluded.state,
         workers = excluded.workers,
         busy = excluded.busy,
         seen_at = clock_timestamp())sql"};

constexpr pg::Statement delete_silent_daemons{"delete_silent_daemons", R"sql(
  delete from daemon where seen_at < clock_timestamp() - interval '1 day')sql"};

constexpr pg::Statement delete_daemon{"delete_daemon", R"sql(
  delete from daemon where name = $1::text)sql"};

constexpr pg::Statement select_leases{"select_leases", R"sql(
  select l.worker, o.id, o.kind, o.state, o.step, o.attempt, l.lease_expires_at,
         t.started_at as since, l.lease_expires_at < clock_timestamp() as is_expired,
         a.username || '/' || b.slug as blog
    from lease l
    join operation o on o.id = l.operation_id
    join attempt t on t.operation_id = o.id and t.fence = l.fence
    left join upload u on u.operation_id = o.id
    left join blog b on b.id = u.blog_id
    left join account a on a.id = b.account_id
   where l.operation_id is not null
   order by l.worker, o.id)sql"};

}  // namespace

QueueHealth queue_health(pg::Connection& connection) {
  const auto rows = connection.one(measure_health, pg::Params(waiting_counted_max));
  const auto row = rows[0];
  QueueHealth health;
  health.waiting = row.integer("waiting");
  health.running = row.integer("running");
  health.expired_leases = row.integer("expired");
  health.oldest_waiting_seconds = row.is_null("oldest") ? 0 : row.real("oldest");
  health.unsent_statuses = row.integer("unsent");
  health.oldest_unsent_seconds = row.is_null("oldest_unsent") ? 0 : row.real("oldest_unsent");
  health.is_paused = row.truth("is_paused");
  health.takes_writes = row.truth("takes_writes");
  return health;
}

std::vector<OpenState> count_open_operations(pg::Connection& connection) {
  std::vector<OpenState> states;
  for (const auto row : connection.query(count_open))
    states.push_back({row.text("state"), row.integer("count")});
  return states;
}

FinishedSince finished_since(pg::Connection& connection, const std::optional<std::string>& mark) {
  FinishedSince result{connection.one(next_mark)[0].text("mark"), {}};
  if (!mark) return result;
  for (const auto row : connection.query(select_finished, pg::Params(*mark, result.mark))) {
    Finished finished{.state = row.text("state"),
                      .visible_seconds = std::nullopt,
                      .created = row.integer("created"),
                      .updated = row.integer("updated"),
                      .renamed = row.integer("renamed"),
                      .deleted = row.integer("deleted")};
    if (!row.is_null("visible_seconds")) finished.visible_seconds = row.real("visible_seconds");
    result.finished.push_back(std::move(finished));
  }
  return result;
}

std::vector<DaemonRow> list_daemons(pg::Connection& connection) {
  std::vector<DaemonRow> daemons;
  for (const auto row : connection.query(select_daemons, pg::Params(daemon_silence_max.count())))
    daemons.push_back({row.text("name"), row.text("version"), row.text("state"),
                       row.time("started_at"), row.time("seen_at"), row.integer("workers"),
                       row.integer("busy"), row.truth("is_lost")});
  return daemons;
}

void note_daemon(pg::Connection& connection, const DaemonRow& daemon) {
  connection.execute(upsert_daemon, pg::Params(daemon.name, daemon.version, daemon.state,
                                               daemon.workers, daemon.busy));
  connection.execute(delete_silent_daemons);
}

void forget_daemon(pg::Connection& connection, const std::string& name) {
  connection.execute(delete_daemon, pg::Params(name));
}

std::vector<LeaseRow> list_leases(pg::Connection& connection) {
  std::vector<LeaseRow> leases;
  for (const auto row : connection.query(select_leases))
    leases.push_back({row.text("worker"), row.text("id"), row.text("kind"), row.text("state"),
                      row.maybe_text("step"), row.maybe_text("blog"),
                      static_cast<int>(row.integer("attempt")), row.time("since"),
                      row.time("lease_expires_at"), row.truth("is_expired")});
  return leases;
}

}  // namespace devy::store
