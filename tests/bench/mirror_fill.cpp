#include "tests/bench/mirror_fill.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/bench/mirror_peer.hpp"

namespace devy::bench {
namespace {

constexpr double fill_share_wanted = 0.35, request_share_wanted = 1.05;
constexpr double changed_requests_wanted = 6, unchanged_requests_wanted = 5;
constexpr int changed_rows = 50;  // some of them pull requests
constexpr std::chrono::seconds round_time_max{120};

void require_rows(const MirrorRig& rig, int wanted) {
  if (const auto rows = static_cast<int>(rig.rows()); rows != wanted)
    throw std::runtime_error("there are " + std::to_string(rows) + " rows, not " +
                             std::to_string(wanted));
}

// Each list is read once for what changed since it was read last: as when its time has come.
Requests read_what_changed(MirrorRig& rig) {
  rig.github().forget_requests();
  auto& daemon = rig.daemon();
  const auto begun_at = daemon.ask(
      "with due as (update devy.mirror_list set due_at = clock_timestamp() returning 1) "
      "select clock_timestamp() from due limit 1");
  const auto until = std::chrono::steady_clock::now() + round_time_max;
  const auto is_done = [&] {
    return daemon.ask(
               "select (select count(*) from devy.mirror_list where due_at > clock_timestamp()) = "
               "(select count(*) from devy.mirror_list) and (select count(distinct list) from "
               "devy.mirror_scan where finished_at is not null and started_at > '" +
               begun_at + "') = (select count(*) from devy.mirror_list)") == "t";
  };
  while (!is_done() || !daemon.settle(round_time_max))
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error("lists are not read again");
  return rig.requests();
}

std::string edits() {
  auto acts = nlohmann::json::array();
  for (int n = 1; n <= changed_rows; ++n)
    acts.push_back({{"do", "edit_issue"},
                    {"repository", MirrorRig::repository},
                    {"number", n * 5},
                    {"title", "Edited"}});
  return acts.dump();
}

}  // namespace

void measure_fill(MirrorRig& rig, const FillSize& size, MirrorReport& report) {
  rig.daemon().start_daemon();
  rig.github().forget_requests();
  const double seconds = rig.load({"mirror", "add", MirrorRig::repository});
  const auto requests = rig.requests();
  // A pull request is an issue, too.
  require_rows(rig, size.issues + 2 * size.pulls);
  const auto peer = fill_by_peer(rig);
  report.note("fill, 4 runners", seconds, "s");
  report.note("fill, github-to-sqlite's way in node", peer.seconds, "s");
  report.note("  of that, waiting for answers", peer.asking_seconds, "s");
  report.at_most("fill / github-to-sqlite's way", seconds / peer.seconds, fill_share_wanted, "×");
  report.note("fill, requests", requests.sent, "requests");
  report.at_most("fill, requests / as few as there can be",
                 static_cast<double>(requests.sent) / size.requests_min(), request_share_wanted,
                 "×");
}

void measure_rereading(MirrorRig& rig, MirrorReport& report) {
  const auto whole = [&] {
    rig.github().forget_requests();
    report.note("again, whole: takes",
                rig.load({"mirror", "load", MirrorRig::repository, "--children"}), "s");
    return rig.requests();
  };
  const auto all = whole();
  report.note("again, whole: requests", all.sent, "requests");
  // The repository's own document is one of them, and known by no validator.
  report.at_most("again, whole: charged, besides the repository", all.charged - 1.0, 0, "requests");
  const auto first = read_what_changed(rig);
  report.note("since the fill: charged", first.charged, "requests");
  const auto again = read_what_changed(rig);
  report.at_most("since then, unchanged: sent", again.sent, unchanged_requests_wanted, "requests");
  report.at_most("since then, unchanged: charged", again.charged, 0, "requests");
  rig.github().control(edits());
  const auto changed = read_what_changed(rig);
  report.at_most("since then, 50 changed: sent", changed.sent, changed_requests_wanted, "requests");
  report.note("since then, 50 changed: charged", changed.charged, "requests");
  const auto found =
      rig.daemon().number("select count(*) from github.issue where title = 'Edited'");
  if (found != changed_rows)
    throw std::runtime_error("not every change was found, but " + std::to_string(found));
}

void measure_details(MirrorRig& rig, const FillSize& size, MirrorReport& report) {
  rig.github().forget_requests();
  const double seconds =
      rig.load({"mirror", "load", std::string(MirrorRig::repository) + "/files"});
  report.note("details and files of all pull requests", seconds, "s");
  report.at_most("details and files, requests / two a pull request",
                 static_cast<double>(rig.requests().sent) / (2.0 * size.pulls),
                 request_share_wanted, "×");
}

}  // namespace devy::bench
