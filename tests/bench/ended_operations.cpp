#include "tests/bench/ended_operations.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/lease.hpp"
#include "core/platform/queue/prune_pass.hpp"
#include "core/systems.hpp"

namespace devy::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t prunable_uploads = 20'000;

constexpr pg::Statement finished_rows{"finished_rows", R"sql(
  insert into operation (id, kind, resource_id, state, source, finished_at, attempt, run_at,
                         announced_revision, event_count, owner)
  select gen_random_uuid(), 'bench', r.id, 'completed', 'webhook', now(), 1,
         now() - make_interval(secs => n), md5(n::text), 3, r.owner
    from generate_series(1, $1::integer) n
    join (select id, owner, row_number() over () - 1 as place from resource) r
      on r.place = n % 5000)sql"};

constexpr pg::Statement some_resources{"some_resources", R"sql(
  select id from resource order by id limit $1::integer)sql"};

// Of each blog two uploads ended too long ago, and six did not.
constexpr const char* uploads_of_10_000_blogs = R"sql(
  insert into account (username, is_supporter)
  select 'pruned' || n, true from generate_series(1, 10000) n;
  insert into repository (url, owner)
  select 'https://github.com/' || username || '/r', username from account where username ~ '^pruned';
  insert into resource (kind, key, owner)
  select 'pruned', r.id::text, r.owner from repository r where r.owner ~ '^pruned';
  insert into blog (account_id, repository_id, resource_id, slug)
  select a.id, r.id, s.id, 'b'
    from repository r
    join account a on a.username = r.owner
    join resource s on s.kind = 'pruned' and s.key = r.id::text;
  set session_replication_role = replica;
  insert into operation (id, kind, resource_id, owner, state, source, run_at, created_at, finished_at,
                         attempt, event_count)
  select gen_random_uuid(), 'upload', s.id, s.owner, 'completed', 'webhook',
         now() - interval '91 days', now() - interval '91 days',
         now() - case when n <= 2 then interval '91 days' else interval '10 days' end
           + n * interval '1 second', 1, 4
    from generate_series(1, 8) n
   cross join resource s
   where s.kind = 'pruned';
  update resource s
     set newest_operation_id = o.id, completed_operation_id = o.id
    from (select distinct on (resource_id) resource_id, id
            from operation order by resource_id, arrival desc) o
   where o.resource_id = s.id;
  update blog b set head_operation_id = s.completed_operation_id
    from resource s where s.id = b.resource_id;
  insert into upload (operation_id, blog_id, repository_url)
  select o.id, b.id, 'x' from operation o join blog b on b.resource_id = o.resource_id;
  insert into operation_event (operation_id, seq, state, attempt)
  select id, n, 'completed', 1 from operation cross join generate_series(1, 4) n;
  insert into attempt (operation_id, fence, resource_id, number, worker, started_at, ended_at, outcome)
  select id, arrival, resource_id, 1, 'w', now(), now(), 'completed' from operation;
  reset session_replication_role)sql";

void add_finished(pg::Connection& session, long rows) {
  session.run_script("quiet", "set session_replication_role = replica");
  session.execute(finished_rows, pg::Params(rows));
  session.run_script("loud", "reset session_replication_role");
  session.run_script("analyze", "vacuum analyze operation");
}

// Milliseconds, each of a claim of one operation that waits among `count`.
std::vector<double> time_claims(pg::Connection& session, int count) {
  const auto resources = session.query(some_resources, pg::Params(count));
  for (int row = 0; row < resources.size(); ++row) {
    queue::NewOperation operation;
    operation.id = queue::OperationId::trusted(base::system_random().uuid());
    operation.resource = resources[row].integer("id");
    operation.kind = "bench";
    operation.source = queue::Source::webhook;
    static_cast<void>(queue::ingest(session, operation));
  }
  queue::ClaimOptions options;
  options.worker = "bench/1.1/1";
  std::vector<double> took;
  while (static_cast<int>(took.size()) < count) {
    const auto sent_at = steady_clock::now();
    const auto lease = queue::claim(session, base::system_clock(), options);
    took.push_back(
        std::chrono::duration<double, std::milli>(steady_clock::now() - sent_at).count());
    if (!lease) throw std::runtime_error("nothing was claimed");
    queue::finish(session, *lease, {.revision = "r"});
  }
  return took;
}

}  // namespace

std::vector<BacklogFigure> claims_beside_history(pg::Connection& session, long rows, int probes) {
  static_cast<void>(time_claims(session, probes));  // a session plans each statement once
  const double empty = quantile(time_claims(session, probes), 0.5);
  add_finished(session, rows);
  const auto took = time_claims(session, probes);
  const double half = quantile(took, 0.5);
  return {{"claim p50 among finished rows", half, 2},
          {"claim p99 among finished rows", quantile(took, 0.99), 10},
          {"claim among finished rows / without", half / empty, 1.2, "×"}};
}

std::vector<BacklogFigure> prune_figures(pg::Connection& session) {
  session.run_script("uploads", uploads_of_10_000_blogs);
  session.run_script("analyze", "vacuum analyze");
  const auto configured = queue::ages_of(config::Config{});
  auto ages = configured;
  ages.older_than = std::chrono::days(90);
  double longest = 0;
  auto batch_begun_at = steady_clock::now();
  const auto begun_at = batch_begun_at;
  auto pruned = queue::prune_all(
      session, systems::prunables().front(), ages, configured, base::system_clock(),
      [&](const queue::PruneCounts&) {
        const auto now = steady_clock::now();
        longest = std::max(longest,
                           std::chrono::duration<double, std::milli>(now - batch_begun_at).count());
        batch_begun_at = now;
      });
  const std::chrono::duration<double> took = steady_clock::now() - begun_at;
  if (pruned["uploads"] != prunable_uploads)
    throw std::runtime_error("pruned " + std::to_string(pruned["uploads"]) + " uploads");
  return {{"prune 20 000 of 80 000 uploads", took.count(), 5, "s"},
          {"the longest batch of it", longest, 200}};
}

}  // namespace devy::bench
