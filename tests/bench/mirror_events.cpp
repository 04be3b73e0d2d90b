#include "tests/bench/mirror_events.hpp"

#include <poll.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/platform/pg/connection.hpp"
#include "tests/bench/change_watcher.hpp"
#include "tests/bench/intake_load.hpp"
#include "tests/bench/mirror_peer.hpp"
#include "tests/bench/paced_sender.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/support/github/push_sender.hpp"

namespace devy::bench {
namespace {

constexpr double rate = 100;  // deliveries a second, besides copies
constexpr int warm_up = 100, measured = 2'000;
constexpr double p50_ms_wanted = 20, p99_ms_wanted = 100, peer_share_wanted = 3;
constexpr std::chrono::seconds seen_patience{60};

// One edit of each of so many issues, as GitHub tells it.
std::vector<Delivery> edits_of(const MirrorRig& rig, int count) {
  auto acts = nlohmann::json::array({{{"do", "webhooks"}, {"recorded", true}}});
  for (int number = 1; number <= count; ++number)
    acts.push_back({{"do", "edit_issue"},
                    {"repository", MirrorRig::repository},
                    {"number", number},
                    {"title", "Edited"}});
  rig.github().control(acts.dump());
  std::vector<Delivery> deliveries;
  for (const auto& one : nlohmann::json::parse(rig.github().deliveries()))
    deliveries.push_back({one["guid"], one["event"], one["payload"].dump(), rig.repository_id()});
  if (static_cast<int>(deliveries.size()) != count)
    throw std::runtime_error("the stand-in made another number of deliveries");
  return deliveries;
}

Paced send_all(const Pace& pace, const std::vector<Delivery>& deliveries) {
  auto sent = send_at_pace(pace, deliveries);
  if (sent.failures > 0)
    throw std::runtime_error(std::to_string(sent.failures) +
                             " deliveries were refused: " + sent.first_failure);
  return sent;
}

std::vector<Delivery> some(const std::vector<Delivery>& all, int first, int count) {
  return {all.begin() + first, all.begin() + first + count};
}

void await_seen(const ChangeWatcher& watcher, std::size_t wanted) {
  const auto until = std::chrono::steady_clock::now() + seen_patience;
  while (watcher.count() < wanted) {
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("only " + std::to_string(watcher.count()) + " of " +
                               std::to_string(wanted) + " deliveries changed a row");
    ::poll(nullptr, 0, 10);
  }
}

constexpr pg::Statement select_received{"select_received", R"sql(
  select guid::text as guid, received_at from devy.delivery)sql"};

double ms_between(base::TimePoint earlier, base::TimePoint later) {
  return std::chrono::duration<double, std::milli>(later - earlier).count();
}

struct Lags {
  Load from_sent, from_received;
};

// The rows of all these, sent to the daemon.
Lags lags_of_daemon(const MirrorRig& rig, const std::vector<Delivery>& deliveries) {
  const Pace pace{rig.daemon().listener(), testing::push_secret, rate};
  ChangeWatcher watcher(rig.daemon().conninfo());
  static_cast<void>(send_all(pace, some(deliveries, 0, warm_up)));
  await_seen(watcher, warm_up);
  const auto sent = send_all(pace, some(deliveries, warm_up, measured));
  await_seen(watcher, warm_up + measured);
  const auto seen = watcher.seen();
  std::vector<double> from_sent, from_received;
  auto connection = pg::Connection::open(rig.daemon().conninfo(), {}, "bench");
  const auto rows = connection.query(select_received);
  for (const auto row : rows) {
    const auto guid = row.text("guid");
    const auto at = sent.sent_at.find(guid);
    if (at == sent.sent_at.end()) continue;  // one of those to warm up
    from_sent.push_back(ms_between(at->second, seen.at(guid)));
    from_received.push_back(ms_between(row.time("received_at"), seen.at(guid)));
  }
  return {summary(std::move(from_sent), sent.seconds, 0),
          summary(std::move(from_received), sent.seconds, 0)};
}

Load answers_of_peer(const MirrorRig& rig, const std::vector<Delivery>& deliveries) {
  const ServerProcess node(
      peer_words("mirror_events.mjs", {testing::push_secret}, rig.daemon().conninfo()));
  const Pace pace{"127.0.0.1:" + node.said(), testing::push_secret, rate};
  static_cast<void>(send_all(pace, some(deliveries, 0, warm_up)));
  auto sent = send_all(pace, some(deliveries, warm_up, measured));
  return summary(std::move(sent.answer_ms), sent.seconds, 0);
}

}  // namespace

void measure_webhooks(MirrorReport& report) {
  MirrorRig rig({.issues = warm_up + measured, .is_for_own = true});
  rig.daemon().start_daemon();
  rig.load({"mirror", "add", MirrorRig::repository});
  const auto deliveries = edits_of(rig, warm_up + measured);
  const auto ours = lags_of_daemon(rig, deliveries);
  // From the claim of a worker to the commit; the rest is waiting for one.
  const double working_ms = rig.daemon().number(
      "select 1000 * percentile_cont(0.5) within group (order by extract(epoch from a.ended_at - "
      "a.started_at)) from devy.attempt a join devy.operation o on o.id = a.operation_id where "
      "o.kind = 'mirror_document'");
  rig.daemon().stop_daemon();
  const auto peer = answers_of_peer(rig, deliveries);
  report.note("webhooks, rate", rate, "/s");
  report.at_most("webhook -> row, received to seen by a reader, p50", ours.from_received.p50_ms,
                 p50_ms_wanted, "ms");
  report.at_most("webhook -> row, received to seen by a reader, p99", ours.from_received.p99_ms,
                 p99_ms_wanted, "ms");
  report.note("  of that, from a worker's claim to the end, p50", working_ms, "ms");
  report.note("webhook -> row, sent to seen by a reader, p50", ours.from_sent.p50_ms, "ms");
  report.note("webhook -> row, sent to seen by a reader, p99", ours.from_sent.p99_ms, "ms");
  report.note("@octokit/webhooks and an upsert, sent to answered, p50", peer.p50_ms, "ms");
  report.note("@octokit/webhooks and an upsert, sent to answered, p99", peer.p99_ms, "ms");
  report.at_most("webhook -> row / @octokit/webhooks, p50", ours.from_sent.p50_ms / peer.p50_ms,
                 peer_share_wanted, "×");
  report.at_most("webhook -> row / @octokit/webhooks, p99", ours.from_sent.p99_ms / peer.p99_ms,
                 peer_share_wanted, "×");
}

}  // namespace devy::bench
