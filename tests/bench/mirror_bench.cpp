// Benchmark of the mirror, with the real daemon, GitHub's stand-in and a durable PostgreSQL: the
// figures of mirror.md, section 12, each beside its peer in the same run. Prints a table; --json
// FILE writes the same as JSON. Exit status 1 when less is reached than is wanted.
// usage: mirror_bench [--json FILE] [PART]...; without parts all but `page`, which `fill` has, and
//   `details`, which takes minutes
//   fill     filling it, beside github-to-sqlite's way; reading it again; a page into rows
//   page     a page into rows, alone
//   killed   a fill whose daemon is killed twenty times
//   webhook  from a delivery to its row, beside @octokit/webhooks and an upsert
//   intake   deliveries of issues taken in, beside pushes
//   memory   what a runner takes for long pages
//   details  the details and files of pull requests
//
// The stand-in and the peers share the machine with what is measured.
#include <cstdio>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/platform/base/log.hpp"
#include "tests/bench/mirror_events.hpp"
#include "tests/bench/mirror_fill.hpp"
#include "tests/bench/mirror_page.hpp"

namespace {

using namespace devy;

constexpr int small_repository_issues = 1'000;

void measure_filled(bench::MirrorReport& report) {
  const bench::FillSize size;
  bench::MirrorRig rig(
      {.issues = size.issues, .pulls = size.pulls, .latency_ms = bench::fill_latency_ms});
  bench::measure_fill(rig, size, report);
  bench::measure_rereading(rig, report);
  rig.daemon().stop_daemon();
  bench::measure_page(rig, report);
}

void measure_all_details(bench::MirrorReport& report) {
  const bench::FillSize size;
  bench::MirrorRig rig({.issues = size.issues,
                        .pulls = size.pulls,
                        .files_per_pull = 3,
                        .latency_ms = bench::fill_latency_ms});
  rig.daemon().start_daemon();
  rig.load({"mirror", "add", bench::MirrorRig::repository});
  bench::measure_details(rig, size, report);
}

void measure_page_alone(bench::MirrorReport& report) {
  bench::MirrorRig rig({.issues = small_repository_issues});
  rig.daemon().start_daemon();
  rig.load({"mirror", "add", bench::MirrorRig::repository});
  rig.daemon().stop_daemon();
  bench::measure_page(rig, report);
}

const std::set<std::string> usual_parts{"fill", "killed", "webhook", "intake", "memory"},
    other_parts{"page", "details"};

int run(const std::set<std::string>& parts, const std::string& json) {
  bench::MirrorReport report;
  if (parts.contains("fill")) measure_filled(report);
  if (parts.contains("page")) measure_page_alone(report);
  if (parts.contains("killed")) bench::measure_killed_fill({}, report);
  if (parts.contains("webhook")) bench::measure_webhooks(report);
  if (parts.contains("intake"))
    bench::measure_intake(std::filesystem::read_symlink("/proc/self/exe"), report);
  if (parts.contains("memory")) bench::measure_memory(report);
  if (parts.contains("details")) measure_all_details(report);
  if (!json.empty()) testing::write_text(json, report.json());
  return report.is_reached() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 3 && words[0] == "--serve")
      return bench::serve_listener(words[1], words[2]);
    std::set<std::string> parts;
    std::string json;
    for (std::size_t n = 0; n < words.size(); ++n) {
      if (words[n] == "--json" && n + 1 < words.size()) json = words[++n];
      else if (usual_parts.contains(words[n]) || other_parts.contains(words[n]))
        parts.insert(words[n]);
      else throw std::runtime_error("unknown part '" + words[n] + "'");
    }
    return run(parts.empty() ? usual_parts : parts, json);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mirror_bench: %s\n", error.what());
    return 70;
  }
}
