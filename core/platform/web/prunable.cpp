#include "core/platform/web/prunable.hpp"

#include <algorithm>

namespace devy::web {
namespace {

constexpr pg::Statement prune_logins{"prune_logins", R"sql(
  with sessions as (
    delete from web_session
     where id in (select id from web_session where expires_at < clock_timestamp() - interval '1 day'
                   order by expires_at limit $1::integer)
    returning 1),
  attempts as (
    delete from login_attempt
     where state_hash in (select state_hash from login_attempt
                           where expires_at < clock_timestamp() - interval '1 day'
                           order by expires_at limit $1::integer)
    returning 1),
  links as (
    delete from login_link
     where token_hash in (select token_hash from login_link
                           where expires_at < clock_timestamp() - interval '1 day'
                           order by expires_at limit $1::integer)
    returning 1)
  select (select count(*) from sessions) as sessions, (select count(*) from attempts) as attempts,
         (select count(*) from links) as links)sql"};

constexpr pg::Statement count_old_logins{"count_old_logins", R"sql(
  select (select count(*) from (select from web_session
            where expires_at < clock_timestamp() - interval '1 day' limit $1::integer) s) as sessions,
         (select count(*) from (select from login_attempt
            where expires_at < clock_timestamp() - interval '1 day' limit $1::integer) a) as attempts,
         (select count(*) from (select from login_link
            where expires_at < clock_timestamp() - interval '1 day' limit $1::integer) l) as links)sql"};

constexpr pg::Statement prune_audit{"prune_audit", R"sql(
  delete from audit
   where id in (select id from audit where at < clock_timestamp() - interval '400 days'
                 order by at limit $1::integer))sql"};

constexpr pg::Statement count_old_audit{"count_old_audit", R"sql(
  select count(*) as count
    from (select from audit where at < clock_timestamp() - interval '400 days' limit $1::integer) a)sql"};

// Those that an operation does stay until it has ended, or is gone itself.
constexpr pg::Statement prune_bulks{"prune_bulks", R"sql(
  delete from bulk
   where id in (select b.id from bulk b left join operation o on b.is_operation and o.id = b.id
                 where b.created_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
                   and (o.id is null or o.finished_at is not null)
                 order by b.created_at limit $2::integer))sql"};

constexpr pg::Statement count_old_bulks{"count_old_bulks", R"sql(
  select count(*) as count
    from (select from bulk b left join operation o on b.is_operation and o.id = b.id
           where b.created_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
             and (o.id is null or o.finished_at is not null) limit $2::integer) b)sql"};

// Each has up to ten thousand rows of its own.
constexpr int bulks_max = 10;

queue::PruneCounts login_counts(const pg::Row& row) {
  return {{"web_sessions", row.integer("sessions")},
          {"login_attempts", row.integer("attempts")},
          {"login_links", row.integer("links")}};
}

// Tells whether no sort of rows reached the limit.
bool is_below(const queue::PruneCounts& counts, int rows_max) {
  for (const auto& [name, count] : counts)
    if (count >= rows_max) return false;
  return true;
}

queue::PruneBatch prune_old_logins(pg::Connection& connection, const queue::PruneRequest& request) {
  queue::PruneBatch batch;
  const auto found = connection.one(prune_logins, pg::Params(request.rows_max));
  batch.pruned = login_counts(found[0]);
  batch.is_last = is_below(batch.pruned, request.rows_max);
  return batch;
}

queue::PruneEstimate estimate_old_logins(pg::Connection& connection, const queue::PruneAges&,
                                         int rows_max) {
  const auto found = connection.one(count_old_logins, pg::Params(rows_max));
  auto counts = login_counts(found[0]);
  const bool is_more = !is_below(counts, rows_max);
  return {std::move(counts), is_more};
}

queue::PruneBatch prune_old_audit(pg::Connection& connection, const queue::PruneRequest& request) {
  queue::PruneBatch batch;
  const auto pruned = connection.execute(prune_audit, pg::Params(request.rows_max));
  batch.pruned["audit"] = pruned;
  batch.is_last = pruned < request.rows_max;
  return batch;
}

queue::PruneEstimate estimate_old_audit(pg::Connection& connection, const queue::PruneAges&,
                                        int rows_max) {
  const auto count = connection.one(count_old_audit, pg::Params(rows_max))[0].integer("count");
  return {{{"audit", count}}, count == rows_max};
}

queue::PruneBatch prune_old_bulks(pg::Connection& connection, const queue::PruneRequest& request) {
  queue::PruneBatch batch;
  const int rows_max = std::min(request.rows_max, bulks_max);
  const auto pruned =
      connection.execute(prune_bulks, pg::Params(request.older_than.count(), rows_max));
  batch.pruned["bulk_acts"] = pruned;
  batch.is_last = pruned < rows_max;
  return batch;
}

queue::PruneEstimate estimate_old_bulks(pg::Connection& connection, const queue::PruneAges& ages,
                                        int rows_max) {
  const auto count =
      connection.one(count_old_bulks, pg::Params(ages.older_than.count(), rows_max))[0].integer(
          "count");
  return {{{"bulk_acts", count}}, count == rows_max};
}

}  // namespace

std::vector<queue::Prunable> prunables() {
  queue::Prunable logins;
  logins.name = "logins";
  logins.names = {{"web_sessions", "sessions of browsers"},
                  {"login_attempts", "attempts to log in"},
                  {"login_links", "addresses that logged in"}};
  logins.prune = prune_old_logins;
  logins.estimate = estimate_old_logins;
  queue::Prunable audit;
  audit.name = "audit";
  audit.names = {{"audit", "acts in the audit"}};
  audit.prune = prune_old_audit;
  audit.estimate = estimate_old_audit;
  queue::Prunable bulks;
  bulks.name = "bulk_acts";
  bulks.names = {{"bulk_acts", "acts on many operations, with what became of each"}};
  bulks.prune = prune_old_bulks;
  bulks.estimate = estimate_old_bulks;
  return {logins, audit, bulks};
}

}  // namespace devy::web
