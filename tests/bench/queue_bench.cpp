// What the queue reaches (queue.md, "What it must reach"), against a durable private cluster or
// --conninfo. Prints a table; --json FILE writes the same as JSON; --rows N sets the finished rows
// of the long history, --backlog N the longest backlog. Everything else is fixed, so that runs
// compare.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <functional>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/batch.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/lease.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "tests/bench/backlog.hpp"
#include "tests/bench/durable_cluster.hpp"
#include "tests/bench/ended_operations.hpp"
#include "tests/bench/gated_queue.hpp"

namespace {

using namespace devy;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int slots = 10;
constexpr int enqueues = 10'000;
constexpr double enqueues_wanted = 3000;
constexpr int resources_max = 5'000;
constexpr int keys = 50;
constexpr int chained = 5'000;
constexpr int pickups = 200;
constexpr int probes = 300;
constexpr int batched = 50;

struct Figure {
  std::string name;
  double value, wanted;
  std::string unit;
  bool is_rate;
  [[nodiscard]] bool is_reached() const { return is_rate ? value >= wanted : value <= wanted; }
};

struct Options {
  std::string conninfo, json, only;
  long rows = 1'000'000, backlog = 1'000'000;
};

class Bench {
 public:
  Bench(std::string conninfo, const Options& options)
      : conninfo_(std::move(conninfo)), options_(options) {
    auto session = connect();
    session.run_script("drop",
                       "drop schema if exists github cascade; drop schema if exists devy cascade");
    schema::init_schema(session);
    for (int i = 0; i < resources_max; ++i)
      resources_.push_back(queue::ensure_resource(session, "repository", std::to_string(i),
                                                  "owner-" + std::to_string(i % 500)));
  }

  std::vector<Figure> run() {
    if (options_.only == "backlogs") beside_backlogs();
    if (options_.only == "ended") beside_ended_operations();
    if (!options_.only.empty()) return std::move(figures_);
    plain_commits(1, "for comparison: plain commits/s, one connection");
    plain_commits(slots, "for comparison: plain commits/s, 10 connections");
    enqueue(1, "for comparison: enqueues/s, one connection", 0);
    clear();
    enqueue(slots, "enqueues/s, 10 connections", enqueues_wanted);
    claim_and_finish();
    clear();
    one_at_a_time();
    clear();
    pickup();
    clear();
    recovery("recovery, the same instance started again", ended_worker(), 1);
    clear();
    recovery("recovery after SIGKILL, by another machine", "elsewhere/1.1/1", 40);
    clear();
    beside_ended_operations();
    clear();
    enqueue_in_batches();
    clear();
    claim_among_gated(queue::github_lane, "claim behind 20 000 gated / without, lane github");
    clear();
    claim_among_gated(queue::work_lane, "claim behind 20 000 gated / without, lane work");
    clear();
    beside_backlogs();
    return std::move(figures_);
  }

 private:
  [[nodiscard]] pg::Connection connect() const {
    config::Database settings;
    settings.statement_timeout = std::chrono::seconds(600);
    return pg::Connection::open(conninfo_, settings, "bench");
  }
  void clear() {
    auto session = connect();
    session.run_script("clear", R"sql(
      truncate operation, attempt, operation_event, owner_gate cascade;
      update lease set operation_id = null, worker = null, lease_expires_at = null
       where operation_id is not null;
      update resource set newest_operation_id = null, newest_event_at = null,
                          completed_operation_id = null, completed_event_at = null)sql");
    session.run_script("vacuum", "vacuum analyze resource");
    session.run_script("analyze", "analyze operation, lease");
  }
  void note(const char* name, double value, double wanted, const char* unit, bool is_rate) {
    figures_.push_back({name, value, wanted, unit, is_rate});
    std::printf("%-44s %10.2f %-4s (wanted %s %.0f)  %s\n", name, value, unit, is_rate ? "≥" : "≤",
                wanted, figures_.back().is_reached() ? "reached" : "MISSED");
    std::fflush(stdout);
  }
  [[nodiscard]] queue::NewOperation operation_of(queue::ResourceId resource) const {
    queue::NewOperation operation;
    operation.id = queue::OperationId::trusted(base::system_random().uuid());
    operation.resource = resource;
    operation.kind = "bench";
    operation.source = queue::Source::webhook;
    operation.event_id = operation.id.text();
    operation.event_at = base::system_clock().now();
    operation.revision = operation.id.text();
    return operation;
  }
  // Seconds that `threads` sessions need to do `act` until it says false.
  double timed(int threads, const std::function<bool(pg::Connection&, int)>& act) const {
    std::vector<pg::Connection> sessions;
    for (int i = 0; i < threads; ++i)
      sessions.push_back(connect());
    const auto begun_at = steady_clock::now();
    {
      std::vector<std::jthread> running;
      for (int i = 0; i < threads; ++i)
        running.emplace_back([&, i] {
          while (act(sessions[static_cast<std::size_t>(i)], i)) {
          }
        });
    }
    return Seconds(steady_clock::now() - begun_at).count();
  }

  static constexpr pg::Statement plain_insert{"plain_insert", R"sql(
    insert into plain (text)
    values ($1::text))sql"};

  // What the machine gives at this moment: the others mean little beside a low figure here.
  void plain_commits(int connections, const char* name) {
    connect().run_script("plain", "create table if not exists plain (text text)");
    std::atomic<int> next{0};
    const double took = timed(connections, [&](pg::Connection& session, int) {
      session.execute(plain_insert, pg::Params("x"));
      return ++next < enqueues;
    });
    note(name, next / took, 0, "/s", true);
  }

  void enqueue(int connections, const char* name, double wanted) {
    std::atomic<int> next{0};
    const double took = timed(connections, [&](pg::Connection& session, int) {
      const int n = next++;
      if (n >= enqueues) return false;
      static_cast<void>(queue::ingest(
          session, operation_of(resources_[static_cast<std::size_t>(n % resources_max)])));
      return true;
    });
    note(name, enqueues / took, wanted, "/s", true);
  }

  // As intake does it: what arrived together, passing over what is locked.
  void enqueue_in_batches() {
    std::atomic<int> next{0};
    const double took = timed(2, [&](pg::Connection& session, int) {
      const int from = next.fetch_add(batched);
      if (from >= enqueues) return false;
      static_cast<void>(queue::ingest_batch(
          session, bench::batch(from % resources_max, batched, queue::work_lane),
          {.waits_for_locks = false}));
      return true;
    });
    note("enqueues/s in batches of 50, 2 connections", enqueues / took, enqueues_wanted, "/s",
         true);
  }
  void claim_among_gated(std::string_view lane, const char* name) {
    auto session = connect();
    const double empty = bench::quantile(bench::claims_of_newest(session, lane, probes), 0.5);
    bench::make_gated(session, lane, resources_max);
    note(name, bench::quantile(bench::claims_of_newest(session, lane, probes), 0.5) / empty, 2, "×",
         false);
  }

  void note_all(const std::vector<bench::BacklogFigure>& figures) {
    for (const auto& figure : figures)
      note(figure.name.c_str(), figure.value, figure.wanted, figure.unit, false);
  }
  void beside_ended_operations() {
    auto session = connect();
    note_all(bench::claims_beside_history(session, options_.rows, probes));
    clear();
    note_all(bench::prune_figures(session));
  }
  void beside_backlogs() {
    auto session = connect();
    note_all(bench::backlog_figures(session, options_.backlog, probes));
  }

  // As a runner does it.
  static std::optional<queue::Lease> claim_next(pg::Connection& session, int slot,
                                                std::vector<queue::ClaimCursor>& lines) {
    auto& line = lines.at(static_cast<std::size_t>(slot));
    const auto now = steady_clock::now();
    queue::ClaimOptions options;
    options.worker = "bench/1.1/" + std::to_string(slot);
    options.from = line.place(now);
    auto lease = queue::claim(session, base::system_clock(), options);
    line.note(lease, now);
    return lease;
  }

  // What the last enqueue left waiting: one for each resource.
  void claim_and_finish() {
    std::atomic<int> done{0};
    std::vector<queue::ClaimCursor> lines(slots);
    const double took = timed(slots, [&](pg::Connection& session, int slot) {
      const auto lease = claim_next(session, slot, lines);
      if (!lease) return false;
      queue::finish(session, *lease, {.revision = "r"});
      ++done;
      return true;
    });
    note("claim+finish/s, 10 slots", done / took, 2000, "/s", true);
  }

  // Each finish records the key's next operation in its own transaction, as a chain of pushes.
  void one_at_a_time() {
    auto session = connect();
    for (std::size_t i = 0; i < keys; ++i)
      static_cast<void>(queue::ingest(session, operation_of(resources_[i])));
    std::atomic<int> done{0};
    std::vector<queue::ClaimCursor> lines(slots);
    const double took = timed(slots, [&](pg::Connection& mine, int slot) {
      const auto lease = claim_next(mine, slot, lines);
      if (!lease) return done < chained;
      pg::Transaction transaction(mine);
      queue::finish(mine, *lease, {.revision = "r"});
      static_cast<void>(queue::ingest(mine, operation_of(lease->resource)));
      transaction.commit();
      return ++done < chained;
    });
    note("one at a time over 50 keys, 10 slots", done / took, 1300, "/s", true);
  }

  // Sees when an operation begins.
  struct Seen final : queue::Handler {
    std::optional<queue::AttemptResult> run(queue::Attempt&) override {
      const std::scoped_lock lock(mutex);
      seen_at = steady_clock::now();
      changed.notify_all();
      return queue::AttemptResult{};
    }
    std::optional<double> seconds_since(steady_clock::time_point sent_at,
                                        std::chrono::seconds patience) {
      std::unique_lock lock(mutex);
      if (!changed.wait_for(lock, patience, [&] { return seen_at.has_value(); }))
        return std::nullopt;
      return Seconds(*std::exchange(seen_at, std::nullopt) - sent_at).count();
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<steady_clock::time_point> seen_at;
  };

  [[nodiscard]] queue::RunnerOptions runner_options() const {
    queue::RunnerOptions options;
    options.worker = queue::worker_name(1);
    options.conninfo = conninfo_;
    return options;
  }

  // From a claim whose worker is never heard of again, to the next attempt.
  void recovery(const char* name, const std::string& lost_worker, double wanted) {
    auto session = connect();
    static_cast<void>(queue::ingest(session, operation_of(resources_[0])));
    queue::ClaimOptions lost;
    lost.worker = lost_worker;
    if (!queue::claim(session, base::system_clock(), lost))
      throw std::runtime_error("nothing was claimed");
    const auto lost_at = steady_clock::now();
    Seen handler;
    queue::Runner runner(runner_options(), base::system_clock(), base::system_random());
    runner.add_handler("bench", handler);
    std::jthread worker([&](const std::stop_token& stop) { runner.run_forever(stop); });
    const auto took = handler.seconds_since(lost_at, std::chrono::seconds(60));
    note(name, took.value_or(1e9), wanted, "s", false);
  }
  // Of a process of this machine that has ended.
  static std::string ended_worker() {
    const auto pid = fork();
    if (pid == 0) {
      pause();
      _exit(0);
    }
    auto name = queue::process_name(pid) + "/1";
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return name;
  }

  void pickup() {
    Seen handler;
    queue::Runner runner(runner_options(), base::system_clock(), base::system_random());
    runner.add_handler("bench", handler);
    std::jthread worker([&](const std::stop_token& stop) { runner.run_forever(stop); });
    auto session = connect();
    std::vector<double> took;
    for (int i = 0; i < pickups; ++i) {
      // Beyond the interval in which notifications are left out, as single pushes come.
      std::this_thread::sleep_for(std::chrono::milliseconds(70 + i % 17));
      static_cast<void>(
          queue::ingest(session, operation_of(resources_[static_cast<std::size_t>(i)])));
      const auto sent_at = steady_clock::now();
      queue::wake_workers(session);
      if (const auto seconds = handler.seconds_since(sent_at, std::chrono::seconds(10)))
        took.push_back(*seconds * 1000);
    }
    note("pickup with NOTIFY, p50", bench::quantile(took, 0.5), 2, "ms", false);
    note("pickup with NOTIFY, p99", bench::quantile(took, 0.99), 5, "ms", false);
  }

  std::string conninfo_;
  const Options& options_;
  std::vector<queue::ResourceId> resources_;
  std::vector<Figure> figures_;
};

void write_json(const std::string& path, const std::vector<Figure>& figures) {
  std::ofstream file(path);
  file << "[";
  for (std::size_t i = 0; i < figures.size(); ++i)
    file << (i == 0 ? "\n" : ",\n") << R"(  {"name": ")" << figures[i].name << R"(", "value": )"
         << figures[i].value << R"(, "unit": ")" << figures[i].unit << R"(", "wanted": )"
         << figures[i].wanted << R"(, "reached": )" << (figures[i].is_reached() ? "true" : "false")
         << "}";
  file << "\n]\n";
}

int run(int argc, char** argv) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--conninfo") options.conninfo = argv[i + 1];
    if (name == "--json") options.json = argv[i + 1];
    if (name == "--only") options.only = argv[i + 1];
    if (name == "--rows") options.rows = std::stol(argv[i + 1]);
    if (name == "--backlog") options.backlog = std::stol(argv[i + 1]);
  }
  const auto act = [&](const std::string& conninfo) {
    const auto figures = Bench(conninfo, options).run();
    if (!options.json.empty()) write_json(options.json, figures);
    return std::all_of(figures.begin(), figures.end(), [](auto& f) { return f.is_reached(); }) ? 0
                                                                                               : 1;
  };
  return options.conninfo.empty() ? bench::run_on_private_cluster(act) : act(options.conninfo);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "queue_bench: %s\n", error.what());
    return 70;
  }
}
