#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/bench/mirror_fill.hpp"

namespace devy::bench {
namespace {

constexpr double runner_mib_wanted = 96;
constexpr int long_issues = 1'200;            // some pages for each runner
constexpr int long_body_words = 12'500;       // some 65 KB
constexpr double page_bytes_min = 6'000'000;  // of the bodies of a hundred issues

bool is_github_runner(const std::filesystem::path& process) {
  std::ifstream file(process / "cmdline");
  const std::string words((std::istreambuf_iterator<char>(file)), {});
  return words.find("runner-github") != std::string::npos;
}

// The largest resident set that the process had, in MiB.
double peak_mib(const std::filesystem::path& process) {
  std::ifstream file(process / "status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

// Of the runners of that daemon, whose processes it has started itself.
std::vector<double> peaks_of_runners(pid_t daemon) {
  const std::filesystem::path tasks("/proc/" + std::to_string(daemon) + "/task");
  std::vector<double> peaks;
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::ifstream children(task.path() / "children");
    for (std::string child; children >> child;)
      if (const auto process = "/proc/" + child; is_github_runner(process))
        peaks.push_back(peak_mib(process));
  }
  return peaks;
}

}  // namespace

void measure_memory(MirrorReport& report) {
  MirrorRig rig({.issues = long_issues, .body_words = long_body_words});
  rig.daemon().start_daemon();
  const auto before = peaks_of_runners(rig.daemon().daemon_pid());
  if (before.size() != MirrorRig::runners)
    throw std::runtime_error("there are " + std::to_string(before.size()) + " runners");
  rig.load({"mirror", "add", MirrorRig::repository});
  const auto page_bytes = rig.daemon().number(
      "select 100 * avg(octet_length(body)) from github.issue where body is not null");
  if (page_bytes < page_bytes_min)
    throw std::runtime_error("a page has only " + std::to_string(page_bytes) + " bytes");
  const auto peaks = peaks_of_runners(rig.daemon().daemon_pid());
  if (peaks.size() != MirrorRig::runners) throw std::runtime_error("a runner was replaced");
  report.note("long pages: size", page_bytes / 1e6, "MB");
  report.note("long pages: a runner before", *std::ranges::max_element(before), "MiB");
  report.at_most("long pages: the most that a runner took", *std::ranges::max_element(peaks),
                 runner_mib_wanted, "MiB");
}

}  // namespace devy::bench
