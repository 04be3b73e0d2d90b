// A year's traffic of 10 000 blogs, compressed: each day has one push in fifty, with the
// deliveries, uploads, statuses, attempts, events and revisions of deleted posts that it brings,
// written in bulk with the times of that day. After each day what is old by then is pruned as the
// daemon prunes it. From the day on at which as much goes as comes, the database must not grow.
// scripts/endurance --year runs it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune_pass.hpp"
#include "core/systems.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::testing {
namespace year_test {

using std::chrono::hours;

constexpr int days = 365, kept_days = 90, kept_bodies_days = 7;
constexpr int days_sampled = 15;     // a sample of the size every so many days
constexpr double growth_max = 1.05;  // of the last sample against the first with a full retention

constexpr pg::Statement count_rows{"count_rows", R"sql(
  select (select count(*) from devy.operation) + (select count(*) from devy.operation_event) +
         (select count(*) from devy.attempt) + (select count(*) from devy.delivery) +
         (select count(*) from devy.upload) + (select count(*) from devy.revision) as count)sql"};

constexpr pg::Statement measure_size{"measure_size", R"sql(
  select sum(pg_total_relation_size(relid))::bigint as bytes
    from pg_stat_user_tables
   where schemaname = 'devy')sql"};

constexpr const char* blogs = R"sql(
  set search_path = devy;
  insert into account (username, is_supporter) select 'a' || i, true from generate_series(1, 10000) i;
  insert into repository (url, owner) select 'https://example.org/' || i, 'a' || i
    from generate_series(1, 10000) i;
  insert into resource (kind, key, owner) select 'repository', id::text, owner from repository;
  insert into blog (account_id, repository_id, resource_id, slug)
  select a.id, r.id, s.id, 'b'
    from repository r
    join account a on a.username = r.owner
    join resource s on s.kind = 'repository' and s.key = r.id::text;
  create table public.day (number integer);)sql";

// :day is how many days ago it was. Of the blogs a fiftieth has a push, in turn; each fifth push
// was told twice.
constexpr const char* traffic = R"sql(
  set search_path = devy;
  set session_replication_role = replica;
  create temporary table pushed as
    select b.id as blog, b.resource_id, gen_random_uuid() as id, gen_random_uuid() as guid,
           clock_timestamp() - make_interval(days => :day) + row_number() over () * interval '1 second' as at
      from blog b where b.resource_id % 50 = :day % 50;
  insert into delivery (guid, event, verdict, received_at, body)
  select guid, 'push', 'accepted', at, convert_to(repeat(md5(guid::text), 200), 'UTF8') from pushed;
  insert into operation (id, kind, resource_id, state, source, attempt, created_at, run_at, started_at,
                         finished_at, event_id, event_count)
  select id, 'upload', resource_id, 'completed', 'webhook', 1, at, at, at, at, guid, 4 from pushed;
  insert into operation (id, kind, resource_id, state, source, created_at, finished_at, duplicate_of,
                         event_count)
  select gen_random_uuid(), 'upload', resource_id, 'duplicate', 'webhook', at, at + interval '1 minute',
         id, 1
    from pushed where resource_id % 5 = 0;
  insert into upload (operation_id, blog_id, repository_url)
  select o.id, p.blog, 'x' from operation o join pushed p on p.id in (o.id, o.duplicate_of);
  insert into operation_event (operation_id, seq, state, attempt, at)
  select p.id, n, 'processing', 1, p.at from pushed p, generate_series(1, 4) n;
  insert into attempt (operation_id, fence, resource_id, number, worker, started_at, ended_at, outcome)
  select id, :day, resource_id, 1, 'w', at, at, 'completed' from pushed;
  insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit, at)
  select p.guid, n, p.blog, case n when 1 then 'created' else 'deleted' end, 'p', 's', 't', 'b', 'c', p.at
    from pushed p, generate_series(1, 2) n;
  update resource r set newest_operation_id = p.id, completed_operation_id = p.id
    from pushed p where p.resource_id = r.id;
  update blog b set head_operation_id = p.id from pushed p where p.blog = b.id;)sql";

std::string with_day(std::string sql, int days_ago) {
  constexpr std::string_view name = ":day";
  for (auto at = sql.find(name); at != std::string::npos; at = sql.find(name, at))
    sql.replace(at, name.size(), std::to_string(days_ago));
  return sql;
}

TEST(Year, StaysFlatInSize) {
  if (std::getenv("DEVY_YEAR") == nullptr) GTEST_SKIP() << "scripts/endurance --year runs it";
  const TestDatabase database;
  auto connection = pg::Connection::open(database.conninfo(), config::Database(), "year");
  database.execute(blogs);
  const auto prunables = systems::prunables();
  std::vector<double> sizes, rows;
  std::int64_t pruned = 0;
  std::chrono::nanoseconds longest{0};
  std::printf("  day   rows    MiB\n");
  for (int day = 1; day <= days; ++day) {
    const int days_ago = days - day;
    database.execute(with_day(traffic, days_ago));
    // What is old today is judged by that day's clock.
    const queue::PruneAges ages{hours(24 * (days_ago + kept_days)),
                                hours(24 * (days_ago + kept_bodies_days))};
    for (const auto& prunable : prunables) {
      auto begun_at = base::system_clock().monotonic_now();
      for (const auto& [name, count] :
           queue::prune_all(connection, prunable, ages, {}, base::system_clock(),
                            [&](const queue::PruneCounts&) {
                              const auto now = base::system_clock().monotonic_now();
                              longest = std::max<std::chrono::nanoseconds>(longest, now - begun_at);
                              begun_at = now;
                            }))
        pruned += count;
    }
    // Autovacuum, which a compressed day leaves no time for.
    database.execute(
        "vacuum (analyze false) devy.operation, devy.operation_event, devy.attempt, "
        "devy.upload, devy.delivery, devy.revision, devy.resource, devy.blog");
    if (day % days_sampled != 0) continue;
    rows.push_back(static_cast<double>(connection.one(count_rows)[0].integer("count")));
    sizes.push_back(static_cast<double>(connection.one(measure_size)[0].integer("bytes")));
    std::printf("  %3d %6.0f %6.1f\n", day, rows.back(), sizes.back() / (1 << 20));
    std::fflush(stdout);
  }
  const auto full = static_cast<std::size_t>(2 * kept_days / days_sampled - 1);
  std::printf("  pruned %lld rows; the longest batch took %lld ms\n",
              static_cast<long long>(pruned),
              static_cast<long long>(longest / std::chrono::milliseconds(1)));
  EXPECT_GT(pruned, 100'000);
  EXPECT_LT(rows.back(), rows.at(full) * growth_max);
  EXPECT_LT(sizes.back(), sizes.at(full) * growth_max);
}

}  // namespace year_test
}  // namespace devy::testing
