#include "core/platform/queue/daemons.hpp"

namespace devy::queue {
namespace {

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

}  // namespace

std::vector<DaemonRow> list_daemons(pg::Connection& connection) {
  std::vector<DaemonRow> daemons;
  for (const auto row : connection.query(select_daemons, pg::Params(daemon_silence_max.count())))
    daemons.push_back({row.text("name"), row.text("version"), row.text("state"),
                       row.time("started_at"), row.time("seen_at"), row.integer("workers"),
                       row.integer("busy"), row.boolean("is_lost")});
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

}  // namespace devy::queue
