// Uploads while two hundred tabs of the console follow the queue, beside the same without them: do
// the workers keep their pace? The tabs ask as often as the pages tell them to, by htmx's header.
// Prints a table; --json FILE writes the same as JSON.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "tests/bench/daemon_rig.hpp"
#include "tests/bench/http_sender.hpp"
#include "tests/support/git/git_repository.hpp"

namespace {

using namespace devy;
using std::chrono::steady_clock;

constexpr int blogs = 40, rounds = 3;
constexpr int sessions = 40, tabs_of_session = 5;
constexpr std::chrono::seconds patience{300};
constexpr std::chrono::milliseconds between_tabs{25};  // when they are opened
constexpr auto all_open = between_tabs * sessions * tabs_of_session;

double since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

double median(std::vector<double> values, double part = 0.5) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

// A port that nobody listens at.
std::string free_address() {
  return server::address_of(server::bind_socket("127.0.0.1:0").get());
}

// A live part of a page, asked for again and again.
struct Tab {
  std::string path, cookie, seen;
  double every;  // seconds
  steady_clock::time_point due;
};

// All tabs, in one thread: each is asked for in its turn.
class Tabs {
 public:
  Tabs(std::string address, std::vector<Tab> tabs)
      : tabs_(std::move(tabs)), sender_(address), thread_([this] { follow(); }) {}
  Tabs(const Tabs&) = delete;
  Tabs& operator=(const Tabs&) = delete;
  ~Tabs() {
    is_over_ = true;
    thread_.join();
  }
  [[nodiscard]] std::vector<double> end() {
    is_over_ = true;
    thread_.join();
    thread_ = std::thread([] {});
    return times_;
  }
  [[nodiscard]] int refused() const { return refused_; }
  [[nodiscard]] int unchanged() const { return unchanged_; }

 private:
  void follow() {
    while (!is_over_) {
      const auto next = std::ranges::min_element(tabs_, {}, &Tab::due);
      std::this_thread::sleep_until(
          std::min(next->due, steady_clock::now() + std::chrono::milliseconds(100)));
      if (next->due <= steady_clock::now()) ask(*next);
    }
  }
  void ask(Tab& tab) {
    const auto begun_at = steady_clock::now();
    const int status = sender_.send(
        "GET " + tab.path + tab.seen +
        " HTTP/1.1\r\nHost: localhost\r\nHX-Request: true\r\nCookie: " + tab.cookie + "\r\n\r\n");
    times_.push_back(since(begun_at));
    if (status == 204) ++unchanged_;
    else if (status != 200) ++refused_;
    const std::string mark = "seen=";
    const auto body = sender_.body();
    if (const auto at = body.find(mark); status == 200 && at != body.npos)
      tab.seen = (tab.path.find('?') == tab.path.npos ? "?" : "&") +
                 std::string(body.substr(at, body.find('"', at) - at));
    tab.due = begun_at + std::chrono::microseconds(static_cast<std::int64_t>(tab.every * 1e6));
  }

  std::vector<Tab> tabs_;
  bench::HttpSender sender_;
  std::vector<double> times_;
  std::atomic<int> refused_ = 0, unchanged_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;  // declared last: it uses everything above
};

class Bench {
 public:
  Bench() : rig_({.toml = "[reconcile]\nevery = 0\n", .web_address = address_}) {
    testing::GitRepository author(rig_.folder() / "author");
    for (int n = 0; n < 20; ++n)
      author.write_file("post-" + std::to_string(n) + ".md",
                        "# Post " + std::to_string(n) + "\n\nText.\n");
    author.commit("Write");
    for (int n = 1; n <= blogs; ++n) {
      const auto user = "user" + std::to_string(n);
      const auto bare = rig_.repositories() + "/" + user + "/blog.git";
      testing::make_bare_repository(bare);
      author.push(bare);
      rig_.devy({"account", "add", user});
      rig_.devy({"blog", "connect", user + "/blog", rig_.git_server().url(user + "/blog.git")});
    }
    rig_.devy({"account", "add", "ada"});
    rig_.devy({"account", "operator", "ada", "on"});
    rig_.start_daemon();
    for (int n = 1; n <= blogs; ++n)
      rig_.devy({"trigger", "user" + std::to_string(n) + "/blog"});
    settle();
  }

  void run() {
    std::vector<double> alone, watched, times;
    int refused = 0, unchanged = 0;
    double seconds = 0;
    static_cast<void>(upload_all());
    for (int n = 0; n < rounds; ++n) {
      alone.push_back(upload_all());
      Tabs tabs(address_, open_tabs());
      const auto begun_at = steady_clock::now();
      std::this_thread::sleep_for(all_open);
      watched.push_back(upload_all());
      seconds += since(begun_at);
      const auto asked = tabs.end();
      times.insert(times.end(), asked.begin(), asked.end());
      refused += tabs.refused();
      unchanged += tabs.unchanged();
    }
    const auto kept = median(watched) / median(alone);
    const auto polls = static_cast<double>(times.size()) / seconds;
    std::printf("uploads a second       alone %5.1f   with %d tabs %5.1f   kept %3.0f %%\n",
                median(alone), sessions * tabs_of_session, median(watched), kept * 100);
    std::printf(
        "polls a second         %5.1f   p50 %5.1f ms  p99 %5.1f ms   unchanged %d, refused %d\n",
        polls, median(times) * 1e3, median(times, 0.99) * 1e3, unchanged, refused);
    json_ =
        "[\n  {\"name\": \"tabs\", \"uploads_per_second_alone\": " + std::to_string(median(alone)) +
        ", \"uploads_per_second\": " + std::to_string(median(watched)) +
        ", \"kept\": " + std::to_string(kept) + ", \"polls_per_second\": " + std::to_string(polls) +
        ", \"p50_ms\": " + std::to_string(median(times) * 1e3) +
        ", \"p99_ms\": " + std::to_string(median(times, 0.99) * 1e3) +
        ", \"refused\": " + std::to_string(refused) + "}\n]\n";
  }
  [[nodiscard]] const std::string& json() const { return json_; }

 private:
  void settle() const {
    if (!rig_.settle(patience)) throw std::runtime_error("the uploads did not end in time");
  }
  // Every blog anew, from the start; uploads a second.
  [[nodiscard]] double upload_all() const {
    const auto begun_at = steady_clock::now();
    rig_.devy({"replay", "--state", "completed", "--from-start", "--force", "--yes", "--reason",
               "bench"});
    settle();
    return blogs / since(begun_at);
  }
  // Logs in, without the limit that logins of one network have; returns the cookie's value.
  [[nodiscard]] std::string new_session() const {
    const auto token = login::new_token(base::system_random());
    const auto hash = login::token_hash(token.reveal()).value();
    static_cast<void>(rig_.ask(
        "insert into devy.web_session (account_id, token_hash, expires_at, ends_at, method) "
        "select id, '\\x" +
        base::to_hex(hash) +
        "', now() + interval '1 hour', now() + interval '1 hour', 'link' from devy.account where "
        "username = 'ada'"));
    return std::string(token.reveal());
  }
  // Some of each session, for it has a limit of its own.
  [[nodiscard]] std::vector<Tab> open_tabs() const {
    std::vector<Tab> tabs;
    const auto id =
        rig_.ask("select id from devy.operation where kind = 'upload' order by arrival limit 1");
    for (int n = 0; n < sessions; ++n) {
      const auto cookie = "__Host-devy=" + new_session();
      for (int m = 0; m < tabs_of_session; ++m) {
        const bool is_operation = m == 0;
        tabs.push_back({is_operation ? "/operations/" + id
                        : m < 3      ? "/operations"
                                     : "/queue",
                        cookie, "", is_operation ? 2.0 : 5.0,
                        steady_clock::now() + between_tabs * (n * tabs_of_session + m)});
      }
    }
    return tabs;
  }

  const std::string address_ = free_address();
  bench::DaemonRig rig_;
  std::string json_;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_main("tabs_bench", argc, argv, [] {
    Bench bench;
    bench.run();
    return bench.json();
  });
}
