// How long pushes take to become visible when there are many: the real daemon, thousands of small
// blogs on one git server, signed deliveries at times of their own (nobody waits for an answer
// before the next push). Three parts: everything at once, for the rate at which this machine
// saturates; steady rates below and above it; and a day, its pushes compressed into 96 seconds,
// with bursts, slow and failing remotes and killed workers. Only the pushes are compressed: every
// latency is a real one. Prints tables; --json FILE writes the same as JSON.
//
// The git server and the senders share the machine; what each took of its processors is printed.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/daemon_rig.hpp"
#include "tests/support/git/repository_farm.hpp"
#include "tests/support/github/push_sender.hpp"

namespace {

using namespace devy;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int blogs = 2'000, commits_each = 4;
constexpr Seconds step_time{10}, reconcile_time{10}, day_time{96};
constexpr std::chrono::seconds patience{300};
constexpr int senders = 8;
constexpr double kill_every = 30;  // seconds; more often, and new workers are held back
constexpr unsigned seed = 20'261'121;
constexpr double day_share = 0.5;  // of the rate that saturates, on the day's average

// Pushes by the hour of a day, as a share of the average hour; most people sleep.
constexpr std::array<double, 24> day_curve{0.4, 0.3, 0.2, 0.2, 0.3, 0.4, 0.6, 0.9,
                                           1.2, 1.5, 1.6, 1.5, 1.3, 1.4, 1.6, 1.7,
                                           1.6, 1.4, 1.2, 1.2, 1.2, 1.1, 0.8, 0.4};

struct Push {
  double at = 0;  // seconds from the begin
  std::size_t place = 0;
};

struct Figures {
  double completed = 0, per_second = 0, mean = 0, p50 = 0, p99 = 0, p9999 = 0, most = 0, late = 0;
  bench::CpuTime cpu;
};

class Bench {
 public:
  Bench()
      : rig_("[reconcile]\nevery = 0\n[verify]\nevery = 0\n"),
        farm_(rig_.repositories(), names(), commits_each),
        slow_(rig_.repositories()),
        failing_(rig_.repositories()),
        next_commit_(blogs) {
    static_cast<void>(
        rig_.ask(testing::connect_all(farm_, [&](const auto& name) { return url_of(name); })));
    static_cast<void>(rig_.ask("update devy.reconcile_schedule set reconcile_at = null; analyze"));
    rig_.start_daemon();
  }

  void run() {
    std::printf("%d blogs on %ld processors; 3 %% of the remotes are slow, 1 %% fail for a while\n",
                blogs, sysconf(_SC_NPROCESSORS_ONLN));
    std::printf("%-26s %7s %7s  %7s %7s %7s %7s %7s  %8s  CPU ms an upload\n", "", "uploads", "/s",
                "mean s", "p50", "p99", "p99.99", "max", "over 5m");
    measure("warm up", spread(50, Seconds(5)));
    const auto all = measure("all at once", first_pushes());
    saturation_ = all.per_second;
    for (const double share : {0.5, 0.75, 0.9, 1.1})
      measure("steady, " + std::to_string(std::lround(100 * share)) + " % of that",
              steady(share * saturation_));
    reconcile();
    day();
  }
  [[nodiscard]] std::string json() const { return "[\n" + json_ + "\n]\n"; }

 private:
  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (int n = 1; n <= blogs; ++n)
      names.push_back("user" + std::to_string(n) + "/blog");
    return names;
  }
  // Every hundredth has a remote that is slow; so have two more, and one that will fail.
  [[nodiscard]] std::string url_of(const std::string& name) const {
    const auto number = std::stoi(name.substr(4));
    const auto& server = number % 100 < 3    ? slow_
                         : number % 100 == 3 ? failing_
                                             : rig_.git_server();
    return server.url(name + ".git");
  }
  [[nodiscard]] std::size_t any_blog(bool may_be_slow = false) {
    for (;;) {
      const auto place = std::uniform_int_distribution<std::size_t>(0, blogs - 1)(random_);
      if (may_be_slow || (place + 1) % 100 > 3) return place;
    }
  }
  // Of every blog: what nobody has published yet, maintenance would find in the middle of the day.
  static std::vector<Push> first_pushes() {
    std::vector<Push> pushes(blogs);
    for (std::size_t place = 0; place < blogs; ++place)
      pushes[place].place = place;
    return pushes;
  }
  std::vector<Push> spread(int count, Seconds time) {
    std::vector<Push> pushes;
    // Different blogs: two pushes to one would be one upload.
    auto place = any_blog();
    for (int n = 0; n < count; ++n, place = (place + 1) % blogs) {
      while ((place + 1) % 100 <= 3)
        place = (place + 1) % blogs;
      pushes.push_back({time.count() * n / count, place});
    }
    return pushes;
  }
  // At random times: as many people who do not know of each other push.
  std::vector<Push> steady(double rate) {
    std::vector<Push> pushes;
    std::exponential_distribution<double> gap(rate);
    for (double at = gap(random_); at < step_time.count(); at += gap(random_))
      pushes.push_back({at, any_blog()});
    return pushes;
  }
  std::vector<Push> day_of_pushes() {
    std::vector<Push> pushes;
    const double hour = day_time.count() / 24;
    for (std::size_t n = 0; n < day_curve.size(); ++n) {
      std::exponential_distribution<double> gap(day_share * saturation_ * day_curve[n]);
      for (double at = gap(random_); at < hour; at += gap(random_))
        pushes.push_back({hour * static_cast<double>(n) + at, any_blog(true)});
      // Four times a day somebody's script pushes to twenty blogs at once, and somebody fixes one
      // post ten times.
      if (n % 6 != 3) continue;
      const double burst_at = hour * (static_cast<double>(n) + 0.5);
      for (int k = 0; k < 20; ++k)
        pushes.push_back({burst_at, any_blog(true)});
      for (auto [k, place] = std::pair(0, any_blog(true)); k < 10; ++k)
        pushes.push_back({burst_at + 0.3 * k, place});
    }
    std::ranges::sort(pushes, {}, &Push::at);
    return pushes;
  }

  // Sends them at their times, by however many senders that takes.
  void send(const std::vector<Push>& pushes, steady_clock::time_point begin) {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (int n = 0; n < senders; ++n)
      threads.emplace_back([&] {
        for (std::size_t k = 0; (k = next++) < pushes.size();) {
          const auto& push = pushes[k];
          std::this_thread::sleep_until(
              begin + std::chrono::duration_cast<steady_clock::duration>(Seconds(push.at)));
          const int commit = (1 + next_commit_[push.place]++) % commits_each;
          farm_.move_to(push.place, commit);
          const auto& name = farm_.names()[push.place];
          const testing::PayloadRepository repository{
              .id = static_cast<std::int64_t>(push.place) + 1,
              .owner = name.substr(0, name.find('/')),
              .name = "blog",
              .url = url_of(name)};
          if (!send_push(rig_.listener(), repository, ++number_).is_acknowledged()) ++refused_;
        }
      });
  }

  Figures measure(const std::string& name, const std::vector<Push>& pushes) {
    const auto since = rig_.ask("select clock_timestamp()");
    const auto cpu = rig_.cpu();
    send(pushes, steady_clock::now());
    const bool is_settled = rig_.settle(patience);
    auto figures = figures_since(since);
    figures.cpu = rig_.cpu() - cpu;
    note(name, figures);
    if (!is_settled || refused_ > 0)
      throw std::runtime_error(std::to_string(refused_) + " deliveries were refused, or some " +
                               "uploads did not end");
    return figures;
  }

  [[nodiscard]] Figures figures_since(const std::string& since) const {
    Figures f;
    const auto row = rig_.ask(
        "select count(*), count(*) / greatest(extract(epoch from max(finished_at) - "
        "min(waiting_since)), 0.001), avg(s), percentile_cont(0.5) within group (order by s), "
        "percentile_cont(0.99) within group (order by s), percentile_cont(0.9999) within group "
        "(order by s), max(s), avg((s > 300)::integer) from (select finished_at, waiting_since, "
        "extract(epoch from finished_at - waiting_since) as s from devy.operation where state = "
        "'completed' and kind = 'upload' and waiting_since >= '" +
        since + "') o");
    if (std::sscanf(row.c_str(), "%lf|%lf|%lf|%lf|%lf|%lf|%lf|%lf", &f.completed, &f.per_second,
                    &f.mean, &f.p50, &f.p99, &f.p9999, &f.most, &f.late) != 8)
      throw std::runtime_error("no figures: " + row);
    return f;
  }

  // What asking remotes for their tips costs: that is done all day, whoever pushes.
  void reconcile() {
    auto text = testing::read_text(rig_.folder() / "devy-upload.toml");
    const std::string never = "[reconcile]\nevery = 0\n";
    text.replace(text.find(never), never.size(), "[reconcile]\nevery = \"90s\"\n");
    testing::write_text(rig_.folder() / "devy-upload.toml", text);
    rig_.stop_daemon();
    rig_.start_daemon();
    static_cast<void>(
        rig_.ask("update devy.reconcile_schedule set reconcile_at = clock_timestamp()"));
    const auto cpu = rig_.cpu();
    std::this_thread::sleep_for(reconcile_time);
    const auto used = rig_.cpu() - cpu;
    const auto asked = rig_.number(
        "select count(*) from devy.reconcile_schedule where reconciled_at is not null and "
        "reconcile_at > "
        "clock_timestamp()");
    std::printf(
        "remotes asked for their tips: %.0f in %.0f s, %.1f/s; CPU ms each: daemon %.1f, "
        "database %.1f, git server %.1f\n",
        asked, reconcile_time.count(), asked / reconcile_time.count(), 1e3 * used.daemon / asked,
        1e3 * used.database / asked, 1e3 * used.others / asked);
    json_ += ",\n  {\"name\": \"reconcile\", \"asked\": " + std::to_string(asked) +
             ", \"daemon_ms\": " + std::to_string(1e3 * used.daemon / asked) +
             ", \"database_ms\": " + std::to_string(1e3 * used.database / asked) + "}";
  }

  void day() {
    // As they come to lie when they have been asked for a while.
    static_cast<void>(rig_.ask(
        "update devy.reconcile_schedule set reconcile_at = clock_timestamp() + random() * interval "
        "'90 seconds'"));
    slow_.misbehave([](testing::Faults& faults) {
      faults.before_upload_pack = [] { ::poll(nullptr, 0, 3'000); };
      faults.drip_bytes_per_second = 2'000;
    });
    const auto pushes = day_of_pushes();
    std::printf(
        "a day in %.0f s: %zu pushes, reconcile every 90 s, a worker killed every %.0f s, "
        "failing remotes from 9 to 11\n",
        day_time.count(), pushes.size(), kill_every);
    const auto begin = steady_clock::now();
    int killed = 0;
    std::jthread trouble([&](const std::stop_token& stop) {
      constexpr int tick_ms = 100;
      const double hour = day_time.count() / 24;
      for (double next_kill = kill_every; !stop.stop_requested(); ::poll(nullptr, 0, tick_ms)) {
        const double now = Seconds(steady_clock::now() - begin).count();
        const bool fails = now > 9 * hour && now < 11 * hour;
        failing_.misbehave([&](testing::Faults& faults) { faults.status = fails ? 503 : 0; });
        if (now < next_kill) continue;
        next_kill += kill_every;
        killed += kill_a_worker() ? 1 : 0;
      }
    });
    measure("the day", pushes);
    trouble.request_stop();
    trouble.join();
    std::printf("%d workers were killed while they worked\n", killed);
    check_heads();
  }
  bool kill_a_worker() const {
    // "host/pid.start/n"
    const auto pid = rig_.ask(
        "select split_part(split_part(worker, '/', 2), '.', 1) from devy.lease where operation_id "
        "is not null order by random() limit 1");
    return !pid.empty() && ::kill(std::stoi(pid), SIGKILL) == 0;
  }
  // Every blog that was pushed to shows the commit that its branch is at.
  void check_heads() const {
    std::string values;
    for (std::size_t place = 0; place < next_commit_.size(); ++place)
      if (next_commit_[place] > 0)
        values += std::string(values.empty() ? "" : ",") + "(" + std::to_string(place + 1) + ",'" +
                  testing::read_text(farm_.path(place) + "/refs/heads/main").substr(0, 40) + "')";
    const auto wrong = rig_.number(
        "select count(*) from (values " + values +
        ") as wanted (n, commit) join devy.repository r on r.github_id = n join devy.blog b on "
        "b.repository_id = r.id where b.head_commit is distinct from commit");
    if (wrong > 0)
      throw std::runtime_error(std::to_string(wrong) + " blogs do not show their last push");
    std::printf("every blog shows its last push\n");
  }

  void note(const std::string& name, const Figures& f) {
    const double each = f.completed > 0 ? 1e3 / f.completed : 0;
    std::printf(
        "%-26s %7.0f %7.1f  %7.2f %7.2f %7.2f %7.2f %7.2f  %6.3f %%  daemon %.0f, database "
        "%.0f, git server and senders %.0f\n",
        name.c_str(), f.completed, f.per_second, f.mean, f.p50, f.p99, f.p9999, f.most,
        100 * f.late, f.cpu.daemon * each, f.cpu.database * each, f.cpu.others * each);
    std::fflush(stdout);
    std::array<char, 512> entry{};
    std::snprintf(entry.data(), entry.size(),
                  "  {\"name\": \"%s\", \"uploads\": %.0f, \"per_second\": %.2f, \"mean_s\": %.3f, "
                  "\"p50_s\": %.3f, \"p99_s\": %.3f, \"p9999_s\": %.3f, \"max_s\": %.3f, "
                  "\"over_5_minutes\": %.6f, \"daemon_ms\": %.1f, \"database_ms\": %.1f, "
                  "\"others_ms\": %.1f}",
                  name.c_str(), f.completed, f.per_second, f.mean, f.p50, f.p99, f.p9999, f.most,
                  f.late, f.cpu.daemon * each, f.cpu.database * each, f.cpu.others * each);
    json_ += (json_.empty() ? "" : ",\n") + std::string(entry.data());
  }

  bench::DaemonRig rig_;
  const testing::RepositoryFarm farm_;
  testing::GitHttpServer slow_, failing_;
  std::vector<std::atomic<int>> next_commit_;
  std::mt19937 random_{seed};
  std::atomic<int> number_{0}, refused_{0};
  double saturation_ = 0;  // uploads a second
  std::string json_;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_main("slo_bench", argc, argv, [] {
    Bench bench;
    bench.run();
    return bench.json();
  });
}
