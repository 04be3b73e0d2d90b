#include "core/platform/github/api_pause.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::github {
namespace {

constexpr pg::Statement select_pause{"select_pause", R"sql(
  select coalesce(ceil(extract(epoch from max(not_before) - clock_timestamp()) * 1000), 0)::bigint
           as left_ms
  from api_pause
  where name = any($1::text[]) and not_before > clock_timestamp())sql"};

constexpr pg::Statement upsert_pause{"upsert_pause", R"sql(
  insert into api_pause as p (name, not_before, reason, secondary_at)
  values ($1::text, $2::timestamptz, $3::text, case when $4::boolean then clock_timestamp() end)
  on conflict (name) do update
  set not_before = greatest(p.not_before, excluded.not_before), reason = excluded.reason,
      secondary_at = coalesce(excluded.secondary_at, p.secondary_at))sql"};

// 5 s, doubled up to five minutes: what waits behind a pause is late by no more than that.
constexpr pg::Statement upsert_failure{"upsert_failure", R"sql(
  insert into api_pause as p (name, not_before, failures, reason)
  values ($1::text, clock_timestamp() + interval '5 seconds', 1, $2::text)
  on conflict (name) do update
  set failures = p.failures + 1,
      not_before = clock_timestamp()
        + least(interval '5 seconds' * 2 ^ least(p.failures, 10), interval '5 minutes'),
      reason = excluded.reason
  returning (extract(epoch from not_before - clock_timestamp()) * 1000)::bigint as left_ms)sql"};

constexpr pg::Statement upsert_pause_for{"upsert_pause_for", R"sql(
  insert into api_pause as p (name, not_before, reason)
  values ($1::text, clock_timestamp() + $2::bigint * interval '1 second', $3::text)
  on conflict (name) do update
  set not_before = greatest(p.not_before, excluded.not_before), reason = excluded.reason)sql"};

constexpr pg::Statement upsert_pause_doubling{"upsert_pause_doubling", R"sql(
  insert into api_pause as p (name, not_before, failures, reason)
  values ($1::text, clock_timestamp() + $2::bigint * interval '1 second', 1, $4::text)
  on conflict (name) do update
  set failures = p.failures + 1,
      not_before = clock_timestamp() + least($2::bigint * 2 ^ least(p.failures, 20), $3::bigint)
                                       * interval '1 second',
      reason = excluded.reason
  returning (extract(epoch from not_before - clock_timestamp()) * 1000)::bigint as left_ms)sql"};

constexpr pg::Statement delete_pause{"delete_pause", R"sql(
  delete from api_pause where name = $1::text)sql"};

}  // namespace

std::chrono::milliseconds pause_left(pg::Connection& connection,
                                     const std::vector<std::string>& names) {
  return std::chrono::milliseconds(
      connection.one(select_pause, pg::Params(names))[0].integer("left_ms"));
}

void pause_until(pg::Connection& connection, const std::string& name, base::TimePoint not_before,
                 const std::string& reason, bool is_secondary) {
  connection.execute(upsert_pause,
                     pg::Params(name, base::format_rfc3339(not_before), reason, is_secondary));
}

std::chrono::milliseconds pause_after_failure(pg::Connection& connection, const std::string& name,
                                              const std::string& reason) {
  return std::chrono::milliseconds(
      connection.one(upsert_failure, pg::Params(name, reason))[0].integer("left_ms"));
}

void pause_for(pg::Connection& connection, const std::string& name, std::chrono::seconds time,
               const std::string& reason) {
  connection.execute(upsert_pause_for, pg::Params(name, time.count(), reason));
}

std::chrono::milliseconds pause_doubling(pg::Connection& connection, const std::string& name,
                                         std::chrono::seconds first, std::chrono::seconds longest,
                                         const std::string& reason) {
  return std::chrono::milliseconds(
      connection
          .one(upsert_pause_doubling, pg::Params(name, first.count(), longest.count(), reason))[0]
          .integer("left_ms"));
}

void end_pause(pg::Connection& connection, const std::string& name) {
  connection.execute(delete_pause, pg::Params(name));
}

}  // namespace devy::github
