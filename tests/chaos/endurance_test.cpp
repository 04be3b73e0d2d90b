// A long day of simulated traffic, compressed: pushes, deliveries told late, twice or never,
// replays, cancels, reconciles, and a retention of under a minute. What every process holds is
// sampled all the while, and nothing may grow. scripts/endurance runs it.
#include <poll.h>

#include <filesystem>

#include "core/platform/pg/connection.hpp"
#include "tests/chaos/chaos_fixture.hpp"
#include "tests/chaos/series.hpp"
#include "tests/oracle/machine.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::testing {
namespace endurance_test {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds act_every{2}, sample_every{3}, prune_every{15};
constexpr const char* kept = "45s";         // records of uploads and deliveries
constexpr const char* kept_bodies = "20s";  // of deliveries
constexpr int claims_measured = 9;          // a sample is their median
constexpr double mebibyte = 1 << 20;

// As a worker asks, for a kind that does not exist: everything that waits is looked at.
constexpr pg::Statement claim_nothing{
    "claim_nothing",
    "select o_id from devy.operation_claim('endurance', '1 s', 'work', '{nothing}', 2, null,"
    " (select max(version) from devy.schema_version))",
    true};

constexpr const char* measure_tables = R"sql(
  select sum(n_dead_tup) || ' ' || sum(pg_total_relation_size(relid)) || ' ' ||
         (select count(*) from devy.operation)
    from pg_stat_user_tables
   where schemaname = 'devy'
     and relname in ('operation', 'lease', 'attempt', 'operation_event', 'resource', 'upload',
                     'delivery', 'reconcile_schedule', 'changeset', 'daemon'))sql";

class Endurance : public ChaosFixture {
 protected:
  void sample() {
    Usage all;
    for (const auto daemon : daemon_pids()) {
      const auto one = usage_of(daemon);
      all.resident_bytes += one.resident_bytes;
      all.proportional_bytes += one.proportional_bytes;
      all.largest_bytes = std::max(all.largest_bytes, one.largest_bytes);
      all.descriptors += one.descriptors;
      all.threads += one.threads;
      all.processes += one.processes;
    }
    std::istringstream tables(database_.scalar(measure_tables));
    double dead = 0, bytes = 0, rows = 0;
    tables >> dead >> bytes >> rows;
    const double values[] = {static_cast<double>(all.resident_bytes) / mebibyte,
                             static_cast<double>(all.proportional_bytes) / mebibyte,
                             static_cast<double>(all.largest_bytes) / mebibyte,
                             static_cast<double>(all.descriptors),
                             static_cast<double>(all.threads),
                             static_cast<double>(all.processes),
                             count_scratch(),
                             dead,
                             bytes / mebibyte,
                             rows,
                             claim_ms()};
    for (std::size_t i = 0; i < series_.size(); ++i)
      series_[i].values.push_back(values[i]);
  }

  [[nodiscard]] double count_scratch() const {
    double count = 0;
    std::error_code gone;
    for (std::filesystem::recursive_directory_iterator entry(runtime_directory(), gone), end;
         !gone && entry != end; entry.increment(gone))
      ++count;
    return count;
  }

  double claim_ms() {
    std::vector<double> times;
    for (int n = 0; n < claims_measured; ++n) {
      const auto begun_at = steady_clock::now();
      static_cast<void>(session_.query(claim_nothing));
      times.push_back(
          std::chrono::duration<double, std::milli>(steady_clock::now() - begun_at).count());
    }
    return median(times);
  }

  void prune() const {
    auto call = daemon_call();
    call.program = "devy-upload";
    call.arguments = {"prune", "--older-than", kept, "--bodies-older-than", kept_bodies, "--yes"};
    const auto pruned = run_program(call);
    EXPECT_EQ(pruned.status, 0) << pruned.err;
  }

  // As a server is that is meant to last: with autovacuum, which looks as much more often as the
  // day is compressed.
  static bool make_durable() {
    postgres().stop(cluster::StopMode::fast);
    const auto conninfo = cluster::start_cluster(postgres().paths());
    static_cast<void>(psql(postgres().conninfo("postgres"),
                           "alter system set autovacuum_naptime = '5s'; select pg_reload_conf()"));
    return !conninfo.empty();
  }

  const bool is_durable_ = make_durable();
  pg::Connection session_ =
      pg::Connection::open(database_.conninfo(), config::Database{}, "endurance");
  // The retention fills up while it warms up, so rows are as many at the end as at the beginning.
  std::vector<Series> series_{{"resident, all daemons, MiB", {0.15, 8}},
                              {"proportional, all daemons, MiB", {0.15, 8}},
                              {"resident, largest process, MiB", {0.15, 8}},
                              {"descriptors", {0.1, 16}},
                              {"threads", {0.1, 6}},
                              {"processes", {0.1, 3}},
                              {"files of clones", {0, 60}},
                              {"dead rows of the queue", {0.5, 2000}},
                              {"tables of the queue, MiB", {0.5, 4}},
                              {"operations kept", {0.5, 100}},
                              {"one look for work, ms", {0.5, 1}}};
};

TEST_F(Endurance, StaysFlat) {
  workers_max_ = 2;  // as many as there are at least: their coming and going is no growth
  for (int n = 0; n < daemons_count; ++n)
    start_daemon(n, "");
  const auto begun_at = steady_clock::now();
  {
    const std::jthread author([this](const std::stop_token& stop) { push_until_stopped(stop); });
    auto act_at = begun_at, sample_at = begun_at, prune_at = begun_at + prune_every;
    for (auto now = begun_at; now - begun_at < options_.length; now = steady_clock::now()) {
      if (now >= act_at) {
        static_cast<void>(act_as_operator());
        act_at = now + act_every;
      }
      if (now >= prune_at) {
        prune();
        prune_at = now + prune_every;
      }
      if (now >= sample_at) {
        sample();
        sample_at = now + sample_every;
      }
      ::poll(nullptr, 0, 100);  // the pace of the traffic, not a wait for anything
    }
  }
  wait_for_quiet();
  std::cout << table_of(series_);
  for (const auto& series : series_)
    EXPECT_FALSE(series.has_grown()) << series.name;
  ask_oracle(Deliveries::pruned);
  stop_daemons();
}

}  // namespace endurance_test
}  // namespace devy::testing
