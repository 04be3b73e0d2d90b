#include "tests/bench/backlog.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/platform/base/clock.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/health.hpp"
#include "core/platform/queue/lease.hpp"

namespace devy::bench {
namespace {

struct Backlog {
  std::string name;
  long waiting = 0;
  // Operations of one owner, the first of the line; the rest belong to a thousand others.
  long of_one_owner = 0;
  // Two operations of that owner run: it has its share.
  bool is_owner_busy = false;
  // The resources of these first operations are paused.
  long paused = 0;
};

// Milliseconds, each measured.
struct BacklogTimes {
  std::vector<double> claims, idle_looks, healths;
};

constexpr pg::Statement add_resources{"add_resources", R"sql(
  insert into resource (kind, key, owner)
  select 'backlog', n::text, case when n <= $2::bigint then 'big' else 'small' || n % 1000 end
    from generate_series(1, $1::bigint) n)sql"};

// Each a millisecond after the one before it, all of them due.
constexpr pg::Statement add_operations{"add_operations", R"sql(
  insert into operation (id, kind, resource_id, owner, state, source, run_at, event_count)
  select gen_random_uuid(), 'bench', r.id, r.owner, 'verified', 'webhook',
         now() - interval '1 hour' + r.id * interval '1 microsecond', 1
    from resource r
   where r.kind = 'backlog'
   order by r.id)sql"};

constexpr pg::Statement add_leases{"add_leases", R"sql(
  insert into lease (resource_id) select id from resource where kind = 'backlog')sql"};

constexpr pg::Statement pause_resources{"pause_resources", R"sql(
  update resource set paused_until = 'infinity'
   where kind = 'backlog' and key::bigint <= $1::bigint)sql"};

constexpr pg::Statement add_one{"add_one", R"sql(
  insert into operation (id, kind, resource_id, owner, state, source, run_at, event_count)
  select gen_random_uuid(), 'bench', r.id, r.owner, 'verified', 'webhook', now(), 1
    from resource r
   where r.kind = 'backlog' and r.owner = 'other' || $1::text)sql"};

constexpr pg::Statement add_others{"add_others", R"sql(
  with made as (
    insert into resource (kind, key, owner)
    select 'backlog', 'other' || n, 'other' || n from generate_series(1, $1::integer) n
    returning id)
  insert into lease (resource_id) select id from made)sql"};

template <class Act>
double milliseconds_of(const Act& act) {
  const auto begun_at = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun_at)
      .count();
}

void fill(pg::Connection& session, const Backlog& backlog) {
  session.run_script("empty", R"sql(
    truncate operation, attempt, operation_event, owner_gate, operation_count cascade;
    set session_replication_role = replica;
    delete from lease l using resource r where r.kind = 'backlog' and l.resource_id = r.id;
    update lease set operation_id = null, worker = null, lease_expires_at = null
     where operation_id is not null;
    delete from resource where kind = 'backlog')sql");
  session.execute(add_resources, pg::Params(backlog.waiting, backlog.of_one_owner));
  session.execute(add_leases);
  session.execute(add_operations);
  session.run_script("loud", "reset session_replication_role");
  if (backlog.paused > 0) session.execute(pause_resources, pg::Params(backlog.paused));
  session.run_script("analyze", "vacuum analyze operation, resource, lease");
  session.run_script("count", "select operation_count_open(100, '0 s')");
}

BacklogTimes measure_backlog(pg::Connection& session, const Backlog& backlog, int probes) {
  fill(session, backlog);
  queue::ClaimOptions options;
  options.worker = "bench/1.1/1";
  if (backlog.is_owner_busy)
    for (int n = 0; n < options.owner_running_max; ++n)
      static_cast<void>(queue::claim(session, base::system_clock(), options));
  BacklogTimes times;
  // A session plans each statement once: the first round is not counted.
  for (int n = 0; n <= probes; ++n) {
    std::optional<queue::Lease> lease;
    times.claims.push_back(
        milliseconds_of([&] { lease = queue::claim(session, base::system_clock(), options); }));
    if (!lease) throw std::runtime_error("nothing was claimed");
    options.after_owner = lease->after_owner;
    times.idle_looks.push_back(
        milliseconds_of([&] { static_cast<void>(queue::next_due(session, queue::work_lane)); }));
    times.healths.push_back(milliseconds_of([&] {
      static_cast<void>(queue::queue_health(session));
      static_cast<void>(queue::count_open_operations(session));
    }));
    queue::finish(session, *lease, {.revision = "r"});
    if (n == 0) times = {};
  }
  return times;
}

// Milliseconds from the record of another owner's operation to its claim, while two of the owner of
// all the others run.
std::vector<double> times_of_others(pg::Connection& session, long waiting, int probes) {
  fill(session, {"a backfill of one owner", waiting, waiting});
  session.execute(add_others, pg::Params(probes + 1));
  queue::ClaimOptions options;
  options.worker = "bench/1.1/1";
  for (int n = 0; n < options.owner_running_max; ++n)
    static_cast<void>(queue::claim(session, base::system_clock(), options));
  std::vector<double> times;
  for (int n = 0; n <= probes; ++n) {
    std::optional<queue::Lease> lease;
    times.push_back(milliseconds_of([&] {
      session.execute(add_one, pg::Params(std::to_string(n + 1)));
      lease = queue::claim(session, base::system_clock(), options);
    }));
    if (!lease) throw std::runtime_error("another owner's operation was not claimed");
    queue::finish(session, *lease, {.revision = "r"});
    if (n == 0) times.clear();
  }
  return times;
}

}  // namespace

std::vector<BacklogFigure> backlog_figures(pg::Connection& session, long waiting, int probes) {
  const long most = waiting / 100 * 99;
  const std::vector<Backlog> backlogs = {
      {"10 wait", 10},
      {"10 000 wait", 10'000},
      {"a long backlog", waiting},
      {"a long backlog, most of one owner", waiting, most, true},
      {"a long backlog, most paused", waiting, most, false, most}};
  std::vector<BacklogFigure> figures;
  std::map<std::string, double> of_short;
  for (const auto& backlog : backlogs) {
    const auto times = measure_backlog(session, backlog, backlog.waiting < probes ? 9 : probes);
    for (const auto& [act, took] : {std::pair{"claim", &times.claims},
                                    {"idle look", &times.idle_looks},
                                    {"health", &times.healths}}) {
      const auto name = backlog.name + ", " + act;
      const double half = quantile(*took, 0.5);
      figures.push_back({name + ", p99", quantile(*took, 0.99), 5});
      const auto [first, is_first] = of_short.emplace(act, half);
      if (!is_first)
        figures.push_back({name + ", p50 / that with 10", half / first->second, 2, "×"});
    }
  }
  figures.push_back({"another owner's, recorded and claimed, p99",
                     quantile(times_of_others(session, waiting, probes), 0.99), 50});
  return figures;
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 1e9;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

}  // namespace devy::bench
