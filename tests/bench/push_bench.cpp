// From `git push` to a visible post, on an idle machine: a real repository behind git http-backend,
// whose post-receive hook posts a signed delivery with openssl and curl; the real daemon. Prints a
// table; --json FILE writes the same as JSON.
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "tests/bench/daemon_rig.hpp"
#include "tests/support/git/git_repository.hpp"
#include "tests/support/github/push_sender.hpp"

namespace {

using namespace devy;
using std::chrono::steady_clock;

constexpr int pushes = 40;
constexpr std::chrono::seconds visible_patience{30};
constexpr pg::Statement has_post{
    "has_post", "select exists (select from visible_post where title = $1::text) as found"};

// What GitHub does once the push is in. The answer's status goes where the bench can see it.
std::string hook(const bench::DaemonRig& rig, const std::string& url) {
  return "#!/bin/sh\n"
         "body='{\"ref\":\"refs/heads/main\",\"before\":\"" +
         std::string(40, '0') +
         "\",\"after\":\"'$(git rev-parse main)'\",\"created\":false,\"deleted\":false,"
         "\"forced\":false,\"commits\":[],\"head_commit\":null,\"repository\":{\"id\":1,"
         "\"name\":\"blog\",\"full_name\":\"ada/blog\",\"private\":false,\"archived\":false,"
         "\"owner\":{\"login\":\"ada\",\"name\":\"ada\"},\"clone_url\":\"" +
         url +
         "\",\"default_branch\":\"main\",\"pushed_at\":'$(date +%s)'}}'\n"
         "signature=$(printf %s \"$body\" | openssl dgst -sha256 -hmac '" +
         testing::push_secret +
         "' -r)\n"
         "printf %s \"$body\" | curl --silent --unix-socket '" +
         rig.socket() +
         "' --write-out '%{http_code}\\n' --output /dev/null -H 'Content-Type: application/json' "
         "-H 'X-GitHub-Event: push' -H \"X-GitHub-Delivery: $(cat /proc/sys/kernel/random/uuid)\" "
         "-H \"X-Hub-Signature-256: sha256=${signature%% *}\" --data-binary @- "
         "http://localhost/v1/webhooks >>'" +
         (rig.folder() / "answers") + "'\n";
}

double seconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

class Bench {
 public:
  Bench() : rig_("[reconcile]\nevery = 0\n"), author_(rig_.folder() / "author") {
    const auto bare = rig_.repositories() + "/ada/blog.git";
    url_ = rig_.git_server().url("ada/blog.git");
    testing::make_bare_repository(bare);
    testing::write_text(bare + "/hooks/post-receive", hook(rig_, url_));
    std::filesystem::permissions(bare + "/hooks/post-receive", std::filesystem::perms::owner_all);
    rig_.devy({"account", "add", "ada"});
    rig_.devy({"blog", "connect", "ada/blog", url_});
    rig_.start_daemon();
    session_ = pg::Connection::open(rig_.conninfo(), config::Database(), "bench");
    push("Warm up");
  }

  void run() {
    for (int n = 1; n <= pushes; ++n)
      push("Post " + std::to_string(n));
    const auto accepted = testing::read_text(rig_.folder() / "answers");
    if (std::ranges::count(accepted, '\n') != pushes + 1 ||
        accepted.find_first_not_of("20\n") != std::string::npos)
      throw std::runtime_error("not every delivery was accepted: " + accepted);
    // What the daemon itself takes, by the database's clock: the first one was to warm up.
    in_daemon_ = {std::stod(share(0.5)), std::stod(share(0.99)), std::stod(share(1))};
    whole_.erase(whole_.begin());
    after_.erase(after_.begin());
    note("git push begun -> post visible", at(whole_, 0.5), at(whole_, 0.99), at(whole_, 1));
    note("git push ended -> post visible", at(after_, 0.5), at(after_, 0.99), at(after_, 1));
    note("delivery stored -> post visible", in_daemon_[0], in_daemon_[1], in_daemon_[2]);
  }
  [[nodiscard]] std::string json() const { return "[\n" + json_ + "\n]\n"; }

 private:
  // Writes a post, pushes it over HTTP, and waits until readers see it.
  void push(const std::string& title) {
    author_.write_file("post-" + std::to_string(whole_.size()) + ".md",
                       "# " + title + "\n\nText.\n");
    author_.commit();
    const auto begun_at = steady_clock::now();
    author_.push(url_);
    const auto pushed_at = steady_clock::now();
    while (!session_->one(has_post, pg::Params(title))[0].boolean("found")) {
      if (seconds_since(begun_at) > static_cast<double>(visible_patience.count()))
        throw std::runtime_error("'" + title + "' never became visible");
      ::poll(nullptr, 0, 1);
    }
    whole_.push_back(seconds_since(begun_at));
    after_.push_back(seconds_since(pushed_at));
  }
  [[nodiscard]] std::string share(double part) const {
    return rig_.ask("select percentile_cont(" + std::to_string(part) +
                    ") within group (order by extract(epoch from finished_at - waiting_since)) "
                    "from (select * from devy.operation where kind = 'upload' order by arrival "
                    "offset 1) o");
  }
  static double at(std::vector<double> times, double part) {
    std::ranges::sort(times);
    return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
  }
  void note(const char* name, double p50, double p99, double most) {
    std::printf("%-34s %3d pushes   p50 %5.0f  p99 %5.0f  max %5.0f ms\n", name, pushes, p50 * 1e3,
                p99 * 1e3, most * 1e3);
    json_ += (json_.empty() ? "" : ",\n") + std::string("  {\"name\": \"") + name +
             "\", \"p50_ms\": " + std::to_string(p50 * 1e3) +
             ", \"p99_ms\": " + std::to_string(p99 * 1e3) +
             ", \"max_ms\": " + std::to_string(most * 1e3) + "}";
  }

  bench::DaemonRig rig_;
  testing::GitRepository author_;
  std::string url_;
  std::optional<pg::Connection> session_;
  std::vector<double> whole_, after_, in_daemon_;  // seconds
  std::string json_;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_main("push_bench", argc, argv, [] {
    Bench bench;
    bench.run();
    return bench.json();
  });
}
