// What the listener takes in, beside its peers, against a durable private cluster: deliveries a
// second and the slowest answer, at 16 and 64 connections. Prints a table; --json FILE writes the
// same as JSON. The senders share the machine with what they measure, alike for each.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/private_cluster.hpp"
#include "core/webhook/signature.hpp"
#include "daemon/listener.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/webhook_payload.hpp"

namespace {

using namespace devy;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr const char* secret = "the secret that deliveries are signed with";
constexpr int blogs = 1'000;
constexpr Seconds run_time{5};

struct Load {
  double per_second = 0, p50_ms = 0, p99_ms = 0, slowest_ms = 0;
  int failures = 0;
};

// Each connection asks again as soon as it is answered.
Load load(const std::string& address, int connections,
          const std::function<std::string(int)>& body_of) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(connections));
  std::atomic<int> failures{0};
  const auto begun_at = steady_clock::now();
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < connections; ++sender)
      senders.emplace_back([&, sender] {
        const base::Secret key{std::string(secret)};
        const auto body = body_of(sender);
        const auto signature = webhook::sign(body, key);
        auto& mine = times[static_cast<std::size_t>(sender)];
        while (steady_clock::now() - begun_at < run_time) {
          const auto sent_at = steady_clock::now();
          const auto answer =
              testing::send_request(address, "POST", "/v1/webhooks",
                                    {{"X-GitHub-Event", "push"},
                                     {"X-GitHub-Delivery", base::system_random().uuid()},
                                     {"X-Hub-Signature-256", signature},
                                     {"Content-Type", "application/json"},
                                     {"Connection", "close"}},
                                    body);
          if (answer.status < 200 || answer.status > 299) ++failures;
          mine.push_back(Seconds(steady_clock::now() - sent_at).count() * 1e3);
        }
      });
  }
  const double taken = Seconds(steady_clock::now() - begun_at).count();
  std::vector<double> all;
  for (const auto& some : times)
    all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  const auto at = [&](double share) {
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
  };
  return {static_cast<double>(all.size()) / taken, at(0.5), at(0.99), all.back(), failures};
}

// A server as a process of its own, which says on its first line where it listens.
class Server {
 public:
  explicit Server(std::vector<std::string> arguments) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
    std::vector<char*> words;
    for (auto& argument : arguments)
      words.push_back(argument.data());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(pipe[1], STDOUT_FILENO);
      ::execvp(words[0], words.data());
      ::_exit(127);
    }
    ::close(pipe[1]);
    char c = 0;
    while (::read(pipe[0], &c, 1) == 1 && c != '\n')
      said_ += c;
    ::close(pipe[0]);
    if (said_.empty()) throw std::runtime_error("unable to start " + arguments[0]);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  [[nodiscard]] const std::string& said() const { return said_; }

 private:
  pid_t pid_ = -1;
  std::string said_;
};

int serve(const std::string& conninfo, const std::string& secret_file) {
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  daemon::ListenerSetup setup;
  setup.conninfo = conninfo;
  setup.config.webhook.secrets = {"bench " + secret_file};
  setup.config.webhook.sender_check = "off";
  setup.config.webhook.sender_requests_per_minute = 0;
  setup.config.webhook.repository_deliveries_per_minute = 0;
  setup.sockets.push_back(daemon::bind_socket("127.0.0.1:0"));
  std::printf("%s\n", daemon::address_of(setup.sockets.front().get()).c_str());
  std::fflush(stdout);
  daemon::Listener(std::move(setup)).run({});  // until it is killed
  return 0;
}

class Bench {
 public:
  Bench(std::string conninfo, const testing::TempFolder& folder, std::string self)
      : conninfo_(std::move(conninfo)), folder_(folder), self_(std::move(self)) {
    testing::write_text(folder_ / "secret", std::string(secret) + "\n");
    std::filesystem::permissions(folder_ / "secret", std::filesystem::perms::owner_read);
    auto session = connect();
    std::ifstream file(DEVY_SCHEMA_FILE);
    std::stringstream schema;
    schema << "begin;" << file.rdbuf() << "; commit;";
    session.run_script("schema", schema.str());
    session.run_script("blogs", R"sql(
      insert into account (username, is_supporter) values ('alice', true);
      insert into repository (github_id, url)
        select n, 'https://github.com/alice/' || n from generate_series(1000, 1999) n;
      insert into resource (kind, key, owner)
        select 'repository', id::text, 'alice' from repository;
      insert into blog (account_id, repository_id, resource_id, slug, branch)
        select a.id, r.id, s.id, 'blog' || r.github_id, 'main'
          from account a, repository r join resource s on s.key = r.id::text)sql");
  }

  void run() {
    for (const int connections : {16, 64}) {
      const auto bare = pgbench(connections);
      note("pgbench, that INSERT alone", connections, {bare, 0, 0, 0, 0}, bare);
      {
        const Server ours({self_, "--serve", conninfo_, folder_ / "secret"});
        note("devy-uploadd, delivery", connections,
             load(ours.said(), connections, [](int) { return payload(42, 0); }), bare);
        note("devy-uploadd, delivery and upload", connections,
             load(ours.said(), connections, [](int sender) { return payload(1000 + sender, 1); }),
             bare);
      }
      {
        const Server node({"node", DEVY_PEERS_FOLDER "/intake_server.mjs", secret, part("host"),
                           part("user"), part("dbname")});
        note("node, @octokit/webhooks and an INSERT", connections,
             load("127.0.0.1:" + node.said(), connections, [](int) { return payload(42, 0); }),
             bare);
      }
    }
  }
  [[nodiscard]] std::string json() const { return "[\n" + json_ + "\n]\n"; }

 private:
  static std::string payload(std::int64_t github_id, int number) {
    testing::PushPayload push;
    push.repository.id = github_id;
    push.repository.name = "blog";
    push.after = std::string(40, static_cast<char>('a' + number));
    push.padding_bytes = 6'000;  // as long as GitHub's usually are
    return testing::push_payload(push);
  }
  // pgbench would take a colon in a text for one of its variables.
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
  [[nodiscard]] double pgbench(int connections) const {
    testing::write_text(
        folder_ / "insert.sql",
        "insert into devy.delivery (guid, event, github_id, sender, headers, body, verdict) values "
        "(gen_random_uuid(), 'push', 42, '127.0.0.1', '{}', decode('" +
            hex(payload(42, 0)) + "', 'hex'), 'accepted');\n");
    const auto command = "pgbench -n -M prepared -c " + std::to_string(connections) +
                         " -j 2 -T 5 -f " + (folder_ / "insert.sql") + " -h " + part("host") +
                         " -U " + part("user") + " " + part("dbname") + "";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"),
                                                               ::pclose);
    std::array<char, 256> line{};
    double per_second = 0;
    while (std::fgets(line.data(), line.size(), pipe.get()) != nullptr)
      if (std::sscanf(line.data(), "tps = %lf", &per_second) == 1) return per_second;
    throw std::runtime_error("pgbench gave no figure");
  }
  void note(const char* name, int connections, const Load& figure, double bare) {
    std::printf("%-38s %3d connections %8.0f/s  %4.0f %%  p50 %6.1f  p99 %6.1f  max %7.1f ms%s\n",
                name, connections, figure.per_second, 100 * figure.per_second / bare, figure.p50_ms,
                figure.p99_ms, figure.slowest_ms, figure.failures == 0 ? "" : "  FAILURES");
    std::fflush(stdout);
    std::array<char, 512> entry{};
    std::snprintf(entry.data(), entry.size(),
                  "  {\"name\": \"%s\", \"connections\": %d, \"per_second\": %.1f, \"p50_ms\": "
                  "%.2f, \"p99_ms\": %.2f, \"max_ms\": %.2f, \"failures\": %d}",
                  name, connections, figure.per_second, figure.p50_ms, figure.p99_ms,
                  figure.slowest_ms, figure.failures);
    json_ += (json_.empty() ? "" : ",\n") + std::string(entry.data());
  }

  const std::string conninfo_;
  const testing::TempFolder& folder_;
  const std::string self_;
  std::string json_;
};

// Durable, unlike the tests' cluster; gone with its folder afterwards.
int run_on_private_cluster(const std::function<void(const std::string&)>& act) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("devy-bench-" + std::to_string(getpid()));
  const pg::ClusterPaths paths{folder / "data", folder / "socket", folder / "data" / "server.log"};
  struct Removal {
    const pg::ClusterPaths& paths;
    const std::filesystem::path& folder;
    ~Removal() {
      try {
        pg::stop_cluster(paths, pg::StopMode::immediate);
        std::filesystem::remove_all(folder);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "intake_bench: %s\n", error.what());
      }
    }
  } const removal{paths, folder};
  act(pg::start_cluster(paths));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 3 && words[0] == "--serve") return serve(words[1], words[2]);
    const testing::TempFolder folder;
    return run_on_private_cluster([&](const std::string& conninfo) {
      Bench bench(conninfo, folder, std::filesystem::read_symlink("/proc/self/exe"));
      bench.run();
      if (words.size() == 2 && words[0] == "--json") testing::write_text(words[1], bench.json());
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "intake_bench: %s\n", error.what());
    return 70;
  }
}
