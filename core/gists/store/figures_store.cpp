#include "core/gists/store/figures_store.hpp"

#include <algorithm>

namespace devy::gists {
namespace {

constexpr std::chrono::hours kept_at_least{400 * 24};

constexpr pg::Statement select_figures{"gist_figures", R"sql(
  select state, count(*) as count,
         coalesce(extract(epoch from clock_timestamp() - min(scan_at)), 0)::bigint as due
    from tracked_user group by state)sql",
                                       true};

constexpr pg::Statement select_conditions{"gist_conditions", R"sql(
  select count(*) filter (where state <> 'off') as tracked,
         count(*) filter (where failures > 0) as failing,
         coalesce((array_agg(login order by failures desc) filter (where failures > 0))[1], '') as failing_login,
         coalesce((array_agg(error order by failures desc) filter (where failures > 0))[1], '') as failing_error,
         count(*) filter (where state = 'missing') as missing,
         coalesce(min(login) filter (where state = 'missing'), '') as missing_login
    from tracked_user)sql"};

constexpr pg::Statement prune_sessions{"prune_gist_sessions", R"sql(
  delete from gist_session where id in (
    select id from gist_session
     where created_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
     order by created_at limit $2::integer))sql"};

constexpr pg::Statement prune_routines{"prune_gist_routines", R"sql(
  delete from routine where id in (
    select r.id from routine r
     where r.started_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
       and not exists (select from tracked_user t where t.routine_id = r.id)
     order by r.started_at limit $2::integer))sql"};

constexpr pg::Statement count_old_visits{"count_old_gist_visits", R"sql(
  select (select count(*) from (select 1 from gist_session
            where created_at < clock_timestamp() - $1::bigint * interval '1 microsecond' limit $2::integer) s) as sessions,
         (select count(*) from (select 1 from routine
            where started_at < clock_timestamp() - $1::bigint * interval '1 microsecond' limit $2::integer) r) as routines)sql"};

base::Duration age_of(base::Duration older_than) {
  return std::max<base::Duration>(older_than, kept_at_least);
}

queue::PruneBatch prune_old_visits(pg::Connection& connection, const queue::PruneRequest& request) {
  const auto age = age_of(request.older_than).count();
  queue::PruneBatch batch;
  batch.pruned["gist_sessions"] =
      connection.execute(prune_sessions, pg::Params(age, request.rows_max));
  batch.pruned["gist_routines"] =
      connection.execute(prune_routines, pg::Params(age, request.rows_max));
  batch.is_last = batch.pruned["gist_sessions"] < request.rows_max &&
                  batch.pruned["gist_routines"] < request.rows_max;
  return batch;
}

queue::PruneEstimate estimate_old_visits(pg::Connection& connection, const queue::PruneAges& ages,
                                         int rows_max) {
  const auto rows =
      connection.one(count_old_visits, pg::Params(age_of(ages.older_than).count(), rows_max));
  const auto sessions = rows[0].integer("sessions"), routines = rows[0].integer("routines");
  return {{{"gist_sessions", sessions}, {"gist_routines", routines}},
          sessions == rows_max || routines == rows_max};
}

}  // namespace

Figures figures(pg::Connection& connection) {
  Figures figures;
  for (const auto row : connection.query(select_figures)) {
    figures.users[row.text("state")] = row.integer("count");
    if (row.view("state") == "off") continue;
    figures.oldest_due_seconds = std::max(figures.oldest_due_seconds, row.integer("due"));
  }
  return figures;
}

Conditions conditions(pg::Connection& connection) {
  const auto rows = connection.one(select_conditions);
  const auto row = rows[0];
  return {row.integer("tracked"),    row.integer("failing"), row.text("failing_login"),
          row.text("failing_error"), row.integer("missing"), row.text("missing_login")};
}

queue::Prunable prunable_visits() {
  queue::Prunable visits;
  visits.name = "gist_visits";
  visits.names = {{"gist_sessions", "visits to gists"},
                  {"gist_routines", "rounds of scans of gists"}};
  visits.prune = prune_old_visits;
  visits.estimate = estimate_old_visits;
  return visits;
}

}  // namespace devy::gists
