// What the listener takes in, beside its peers, against a durable private cluster: deliveries a
// second, the slowest answers, and what one delivery costs the processors, at 16 and 64
// connections, each asked again as soon as it has its answer. Prints a table; --json FILE writes
// the same as JSON. The senders share the machine with what they measure, alike for each. Exit
// status 1 when less is reached than is wanted.
#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>

#include "core/platform/base/log.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "daemon/listener/listener.hpp"
#include "tests/bench/durable_cluster.hpp"
#include "tests/bench/intake_load.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/temp_folder.hpp"

namespace {

using namespace devy;
using bench::Children;
using bench::Load;
using bench::ServerProcess;

int serve(const std::string& conninfo, const std::string& secret_file) {
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  daemon::ListenerSetup setup;
  setup.conninfo = conninfo;
  setup.config.webhook.secrets = {"bench " + secret_file};
  setup.config.webhook.sender_check = "off";
  setup.config.webhook.unsigned_requests_per_minute = 0;
  setup.sockets.push_back(server::bind_socket("127.0.0.1:0"));
  std::printf("%s\n", server::address_of(setup.sockets.front().get()).c_str());
  std::fflush(stdout);
  daemon::Listener(std::move(setup)).run({});  // until it is killed
  return 0;
}

constexpr pg::Statement postmaster_pid{"postmaster_pid", R"sql(
  select split_part(pg_read_file('postmaster.pid'), e'\n', 1)::integer as pid)sql"};

class Bench {
 public:
  Bench(std::string conninfo, const testing::TempFolder& folder, std::string self)
      : conninfo_(std::move(conninfo)), folder_(folder), self_(std::move(self)) {
    testing::write_text(folder_ / "secret", std::string(bench::load_secret) + "\n");
    std::filesystem::permissions(folder_ / "secret", std::filesystem::perms::owner_read);
    auto session = connect();
    schema::init_schema(session);
    session.run_script("blogs", R"sql(
      insert into account (username, is_supporter) values ('alice', true);
      insert into repository (github_id, url)
        select n, 'https://github.com/alice/' || n from generate_series(1000, 1999) n;
      insert into resource (kind, key, owner)
        select 'repository', id::text, 'alice' from repository;
      insert into blog (account_id, repository_id, resource_id, slug, branch)
        select a.id, r.id, s.id, 'blog' || r.github_id, 'main'
          from account a, repository r join resource s on s.key = r.id::text)sql");
    postmaster_ = static_cast<pid_t>(session.one(postmaster_pid)[0].integer("pid"));
  }

  // Whether all that is wanted was reached.
  bool run() {
    for (const int connections : {16, 64}) {
      bare_ = 0;
      measure("pgbench, that INSERT alone", connections, nullptr,
              [&] { return pgbench(connections, true); });
      measure("pgbench, its body in the plan, never sent", connections, nullptr,
              [&] { return pgbench(connections, false); });
      {
        const ServerProcess ours({self_, "--serve", conninfo_, folder_ / "secret"});
        ours_ = deliver("devy-uploadd, delivery", connections, ours, ours.said(), false);
        deliver("devy-uploadd, delivery and upload", connections, ours, ours.said(), true);
      }
      {
        const ServerProcess node({"node", std::string(DEVY_PEERS_FOLDER) + "/intake_server.mjs",
                                  bench::load_secret, part("host"), part("user"), part("dbname")});
        node_ = deliver("node, @octokit/webhooks and an INSERT", connections, node,
                        "127.0.0.1:" + node.said(), false);
      }
      const auto port = bench::free_port();
      const ServerProcess runner({"webhook", "-hooks", hooks_file(), "-ip", "127.0.0.1", "-port",
                                  std::to_string(port), "-urlprefix", "v1"},
                                 ServerProcess::Greeting::is_silent);
      bench::await_port(port);
      deliver("webhook, running `true`, storing nothing", connections, runner,
              "127.0.0.1:" + std::to_string(port), false);
      judge("of pgbench's INSERT", ours_.per_second / bare_, bare_share_wanted);
      judge("of node's rate", ours_.per_second / node_.per_second, 1);
      judge("of the longest wait that is allowed, left", 1 - ours_.slowest_ms / wait_ms_max, 0);
    }
    return is_reached_;
  }
  [[nodiscard]] std::string json() const { return "[\n" + json_ + "\n]\n"; }

 private:
  static constexpr double bare_share_wanted = 0.6;
  static constexpr double wait_ms_max = 1000;

  void judge(const char* what, double share, double wanted) {
    const bool is_reached = share >= wanted && ours_.failures == 0;
    is_reached_ = is_reached_ && is_reached;
    std::printf("  devy-uploadd: %.0f %% %s (wanted ≥ %.0f %%)  %s\n", 100 * share, what,
                100 * wanted, is_reached ? "reached" : "MISSED");
  }
  // The answer waits for the command, as it does for our commit.
  [[nodiscard]] std::string hooks_file() const {
    const auto path = folder_ / "hooks.json";
    testing::write_text(path, std::string(R"([{"id": "webhooks", "execute-command": "/bin/true",
      "include-command-output-in-response": true, "trigger-rule": {"match": {
      "type": "payload-hmac-sha256", "secret": ")") +
                                  bench::load_secret +
                                  R"(", "parameter": {"source": "header",
      "name": "X-Hub-Signature-256"}}}}])");
    return path;
  }
  static std::string payload(std::int64_t github_id, int number) {
    testing::PushPayload push;
    push.repository.id = github_id;
    push.repository.name = "blog";
    push.after = std::string(40, static_cast<char>('a' + number));
    push.padding_bytes = 6'000;  // as long as GitHub's usually are
    return testing::push_payload(push);
  }
  // pgbench would take a colon in a text for one of its variables; a text of no other bytes than
  // these goes through a shell, too.
  static std::string hex(const std::string& text) {
    std::string digits;
    for (const char c : text) {
      std::array<char, 3> two{};
      std::snprintf(two.data(), two.size(), "%02x", static_cast<unsigned char>(c));
      digits += two.data();
    }
    return digits;
  }
  [[nodiscard]] pg::Connection connect() const {
    return pg::Connection::open(conninfo_, config::Database(), "bench");
  }
  // Of the conninfo of a private cluster, whose values hold no quotes.
  [[nodiscard]] std::string part(const std::string& name) const {
    std::istringstream words(conninfo_);
    for (std::string word; words >> word;)
      if (word.starts_with(name + "=")) {
        std::erase(word, '\'');
        return word.substr(name.size() + 1);
      }
    return "devy";
  }
  // With the body as a parameter, as who takes a delivery in has to send it, or as a constant of
  // the prepared statement, where it is neither sent nor read again.
  [[nodiscard]] Load pgbench(int connections, bool sends_body) const {
    const auto body = hex(payload(42, 0));
    testing::write_text(
        folder_ / "insert.sql",
        "insert into devy.delivery (guid, event, github_id, sender, headers, body, verdict) values "
        "(gen_random_uuid(), 'push', 42, '127.0.0.1', '{}', decode(" +
            (sends_body ? ":body" : "'" + body + "'") + ", 'hex'), 'accepted');\n");
    const auto command = "cd " + folder_.path() + " && pgbench -n -M prepared -l -c " +
                         std::to_string(connections) + " -j 2 -T " +
                         std::to_string(bench::load_seconds) + " -D body=" + body +
                         " -f insert.sql -h " + part("host") + " -U " + part("user") + " " +
                         part("dbname") + " >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("pgbench failed");
    std::vector<double> times;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (!entry.path().filename().string().starts_with("pgbench_log.")) continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        double client = 0, transaction = 0, microseconds = 0;
        if (std::istringstream(line) >> client >> transaction >> microseconds)
          times.push_back(microseconds / 1e3);
      }
      std::filesystem::remove(entry.path());
    }
    return bench::summary(std::move(times), bench::load_seconds, 0);
  }
  Load deliver(const char* name, int connections, const ServerProcess& server,
               const std::string& address, bool with_uploads) {
    return measure(name, connections, &server, [&] {
      return bench::send_deliveries(address, connections, [&](int sender) {
        return with_uploads ? payload(1000 + sender, 1) : payload(42, 0);
      });
    });
  }
  // With what one delivery cost, in microseconds of processor time: whoever takes it in, the
  // database's processes, and the senders.
  Load measure(const char* name, int connections, const ServerProcess* server,
               const std::function<Load()>& run) {
    const auto costs = [&] {
      rusage own{}, children{};
      ::getrusage(RUSAGE_SELF, &own);
      if (server == nullptr) ::getrusage(RUSAGE_CHILDREN, &children);
      double senders = 0;
      for (const auto& time : {own.ru_utime, own.ru_stime, children.ru_utime, children.ru_stime})
        senders += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
      return std::array<double, 3>{
          server == nullptr ? 0 : bench::processor_seconds(server->pid(), Children::ended_ones),
          bench::processor_seconds(postmaster_, Children::living_too), senders};
    };
    const auto before = costs();
    const auto figure = run();
    auto cost = costs();
    for (std::size_t i = 0; i < cost.size(); ++i)
      cost[i] = (cost[i] - before[i]) * 1e6 / (figure.per_second * bench::load_seconds);
    note(name, connections, figure, cost);
    return figure;
  }
  void note(const char* name, int connections, const Load& figure,
            const std::array<double, 3>& cost) {
    if (bare_ == 0) bare_ = figure.per_second;
    std::printf(
        "%-40s %3d connections %6.0f/s %4.0f %%  p50 %6.1f  p99 %6.1f  max %7.1f ms  cpu %4.0f + "
        "%4.0f + %4.0f us%s\n",
        name, connections, figure.per_second, 100 * figure.per_second / bare_, figure.p50_ms,
        figure.p99_ms, figure.slowest_ms, cost[0], cost[1], cost[2],
        figure.failures == 0 ? "" : "  FAILURES");
    std::fflush(stdout);
    std::array<char, 512> entry{};
    std::snprintf(entry.data(), entry.size(),
                  "  {\"name\": \"%s\", \"connections\": %d, \"per_second\": %.1f, \"p50_ms\": "
                  "%.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, \"failures\": %d, "
                  "\"server_cpu_us\": %.1f, \"database_cpu_us\": %.1f, \"sender_cpu_us\": %.1f}",
                  name, connections, figure.per_second, figure.p50_ms, figure.p99_ms,
                  figure.slowest_ms, figure.failures, cost[0], cost[1], cost[2]);
    json_ += (json_.empty() ? "" : ",\n") + std::string(entry.data());
  }

  const std::string conninfo_;
  const testing::TempFolder& folder_;
  const std::string self_;
  pid_t postmaster_ = 0;
  double bare_ = 0;   // what pgbench reached at as many connections
  Load ours_, node_;  // likewise
  bool is_reached_ = true;
  std::string json_;
};

}  // namespace

int main(int argc, char** argv) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 3 && words[0] == "--serve") return serve(words[1], words[2]);
    const testing::TempFolder folder;
    return bench::run_on_private_cluster([&](const std::string& conninfo) {
      Bench measured(conninfo, folder, std::filesystem::read_symlink("/proc/self/exe"));
      const bool is_reached = measured.run();
      if (words.size() == 2 && words[0] == "--json") testing::write_text(words[1], measured.json());
      return is_reached ? 0 : 1;
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "intake_bench: %s\n", error.what());
    return 70;
  }
}
