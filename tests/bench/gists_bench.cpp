// Benchmark of gists (gists.md, "Tests and figures"): the first scan of a thousand, scans that find
// nothing new, visits, and how long a found file takes to the CRM. GitHub is the stand-in, which
// answers after 5 ms. Run by scripts/bench; prints a table and writes JSON.

#include <poll.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/platform/http/server/server.hpp"
#include "tests/bench/daemon_rig.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/http_sender.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/crm/pipedrive_state.hpp"
#include "tests/support/github/github_state.hpp"

namespace devy::bench {
namespace {

using Json = nlohmann::json;
using std::chrono::steady_clock;

constexpr int gists = 1'000, quiet_users = 1'000, quiet_rounds = 3;
constexpr int visits = 2'000, visitors_at_once = 100, posted = 30;
constexpr int latency_ms = 5;
constexpr std::chrono::seconds patience{120};
constexpr std::chrono::milliseconds look_every{5};
// How a day of ten thousand users is counted: each is scanned once in three hours.
constexpr double scans_per_second = 10'000 / 10'800.0;

class Bench {
 public:
  Bench() : rig_({.toml = toml(), .web_address = address_}) {
    github_.control(Json::array({{{"do", "faults"}, {"latency_ms", latency_ms}},
                                 {{"do", "limit"}, {"limit", 1'000'000}},
                                 {{"do", "create_user"}, {"login", "first"}},
                                 {{"do", "create_gists"}, {"owner", "first"}, {"count", gists}}})
                        .dump());
    auto users = Json::array();
    for (int n = 0; n < quiet_users; ++n) {
      const auto login = "user" + std::to_string(n);
      users.push_back({{"do", "create_user"}, {"login", login}});
      users.push_back({{"do", "create_gists"}, {"owner", login}, {"count", 1}});
    }
    github_.control(users.dump());
    rig_.start_daemon();
  }

  std::vector<Figure> scans() {
    std::vector<Figure> figures;
    const auto begun_at = now();
    rig_.devy({"gist", "user", "add", "first"});
    figures.push_back({"first scan of 1 000 gists", scan_all("first", begun_at), 15, true, "s"});
    require(rig_.number("select count(*) from devy.gist") == gists, "not all gists were found");
    static_cast<void>(
        rig_.ask("select count(devy.gist_user_add('user' || n, null, null, 'bench', 100000)) from "
                 "generate_series(0, " +
                 std::to_string(quiet_users - 1) + ") n"));
    static_cast<void>(scan_all("user%"));
    std::vector<double> rates, costs;
    for (int round = 0; round < quiet_rounds; ++round) {
      const auto before = rig_.cpu();
      const auto seconds = scan_all("user%");
      const auto used = rig_.cpu() - before;
      rates.push_back(quiet_users / seconds);
      costs.push_back((used.daemon + used.database) * 1'000 / quiet_users);
    }
    const auto cost = quantile(costs, 0.5);
    figures.push_back({"scans that find nothing", quantile(rates, 0.5), 150, false, "/s"});
    figures.push_back({"one of them, of the processors", cost, 0, false, "ms"});
    figures.push_back({"10 000 users each three hours, of a core",
                       cost / 1'000 * scans_per_second * 100, 2, true, "%"});
    return figures;
  }

  std::vector<Figure> visited() {
    HttpSender sender(address_);
    std::vector<double> times;
    for (int n = 0; n < visits; ++n)
      times.push_back(visit(sender, "user" + std::to_string(n % quiet_users)));
    std::vector<double> crowd(visitors_at_once);
    {
      std::vector<std::jthread> threads;
      for (int n = 0; n < visitors_at_once; ++n)
        threads.emplace_back([&, n] {
          HttpSender own(address_);
          crowd[static_cast<std::size_t>(n)] = visit(own, "user7");
        });
    }
    return {{"visit, median", quantile(times, 0.5), 0, false, "ms"},
            {"visit, p99", quantile(times, 0.99), 10, true, "ms"},
            {"100 visits at once to one user, slowest", quantile(crowd, 1), 50, true, "ms"}};
  }

  // A file changes, a scan finds it, and the CRM has it: by the time that is stored when it is
  // found.
  std::vector<Figure> told() {
    const auto id = rig_.ask(
        "select g.id from devy.gist g join devy.tracked_user u on u.id = "
        "g.tracked_user_id where u.login = 'user0' limit 1");
    std::vector<double> times;
    require(rig_.settle(patience), "the CRM is not told of what was found first");
    for (int n = 0; n < posted; ++n) {
      github_.control(Json{{"do", "edit_gist"},
                           {"gist", id},
                           {"files", {{"gist-0.txt", {{"content", std::to_string(n) + " new\n"}}}}}}
                          .dump());
      static_cast<void>(scan_all("user0"));
      times.push_back(until_told());
    }
    return {{"found to told, median", quantile(times, 0.5), 0, false, "s"},
            {"found to told, p99", quantile(times, 0.99), 3, true, "s"}};
  }

 private:
  static void require(bool is_so, const std::string& otherwise) {
    if (!is_so) throw std::runtime_error(otherwise);
  }

  std::string toml() {
    testing::write_text(folder_ / "token", std::string(testing::PipedriveState::token) + "\n");
    std::filesystem::permissions(folder_ / "token", std::filesystem::perms::owner_read);
    return "[reconcile]\nevery = 0\n[verify]\nevery = 0\n[github]\napi_url = \"" + github_.url() +
           "\"\n[api]\naccount_requests_per_minute = 0\n[gists]\nenabled = true\nevery = "
           "0\n[crm]\ncompany = \"acme\"\napi_url = \"" +
           crm_.api_url() + "\"\ntoken_file = \"" + (folder_ / "token") +
           "\"\nrequests_per_2s = 1000\n[runners]\n" + "github = 4\n";
  }

  [[nodiscard]] std::string now() const { return rig_.ask("select clock_timestamp()"); }
  double scan_all(const std::string& login) { return scan_all(login, now()); }
  // By the database's clock, from that time to the last end.
  double scan_all(const std::string& login, const std::string& begun_at) {
    static_cast<void>(rig_.ask(
        "select count(r) from devy.routine_ask(array(select id from devy.tracked_user where login "
        "like '" +
        login + "'), false, 'bench', 'bench') r; notify devy_operation"));
    const auto until = steady_clock::now() + patience;
    while (rig_.number("select count(*) from devy.operation where kind = 'gist_scan' and "
                       "finished_at is null") > 0) {
      require(steady_clock::now() < until, "the scans take too long");
      ::poll(nullptr, 0, static_cast<int>(look_every.count()));
    }
    require(rig_.number("select count(*) from devy.operation where state = 'failed'") == 0,
            "a scan has failed");
    return rig_.number("select extract(epoch from max(finished_at) - '" + begun_at +
                       "') from devy.operation where kind = 'gist_scan'");
  }

  static double visit(HttpSender& sender, const std::string& user) {
    int status = 0;
    const auto seconds = seconds_of([&] {
      status = sender.send("POST /latestgists/" + user +
                           " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    });
    require(status == 200,
            "a visit was answered " + std::to_string(status) + " " + std::string(sender.body()));
    return seconds * 1'000;
  }

  double until_told() {
    const auto until = steady_clock::now() + patience;
    for (;;) {
      const auto waited = rig_.ask(
          "select extract(epoch from clock_timestamp() - wanted_at) from devy.crm_item i join "
          "devy.gist_file f on f.id = i.gist_file_id join devy.gist g on g.id = f.gist_id join "
          "devy.tracked_user u on u.id = g.tracked_user_id where u.login = 'user0' and i.state = "
          "'sent' and i.sent = i.wanted and i.wanted > " +
          std::to_string(told_));
      if (!waited.empty()) {
        told_ = static_cast<int>(rig_.number(
            "select max(i.sent) from devy.crm_item i join devy.gist_file f on f.id = "
            "i.gist_file_id join devy.gist g on g.id = f.gist_id join devy.tracked_user u on u.id "
            "= g.tracked_user_id where u.login = 'user0'"));
        return std::stod(waited);
      }
      require(steady_clock::now() < until, "the CRM is not told");
      ::poll(nullptr, 0, static_cast<int>(look_every.count()));
    }
  }

  testing::TempFolder folder_;
  testing::GithubState github_;
  testing::PipedriveState crm_;
  std::string address_ = server::address_of(server::bind_socket("127.0.0.1:0").get());
  DaemonRig rig_;
  int told_ = 1;
};

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  return devy::bench::run_figures("gists_bench", argc, argv,
                                  [](const devy::bench::AddFigures& add) {
                                    devy::bench::Bench bench;
                                    add(bench.scans());
                                    add(bench.visited());
                                    add(bench.told());
                                  });
}
