// Benchmark of dates from a history: a blog of 20 000 commits whose 5 000 posts say no date, from
// the tests' git server to the times of their first commits; and later one new post, by what is
// recent alone. Time of everything, the server's part too; memory of the largest of our processes.
// Run by scripts/bench; prints a table and writes JSON.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/git/clone.hpp"
#include "core/platform/process/child.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/support/git/git_repository.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/git/history_maker.hpp"
#include "tests/support/process/test_roles.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {
namespace {

// What is wanted of the whole history (issue 16).
constexpr double seconds_wanted = 30, mebibytes_wanted = 64;

struct Options {
  std::string program;  // this one
  std::string server;   // git-http-server
  std::string json = "bench-history.json";
  int commits = 20'000, posts = 5'000;
  // Of a measured process: what it looks for.
  std::string url, paths_file;
  std::optional<base::TimePoint> since;
};

config::Config config_for(const std::string& folder) {
  config::Config config;
  config.runtime_directory = folder;
  config.git.url_schemes = {"http"};
  config.git.url_hosts = {"127.0.0.1"};
  config.git.allow_private_addresses = true;
  // What takes longer than is wanted is measured all the same.
  config.limits.history_wall_clock = std::chrono::minutes(10);
  return config;
}

// The measured process.
int look_up(const Options& options) {
  std::vector<std::string> paths;
  std::ifstream file(options.paths_file);
  for (std::string line; std::getline(file, line);)
    paths.push_back(line);
  const testing::TempFolder folder;
  const auto clone = git::Clone::fetch(config_for(folder.path()),
                                       {.url = options.url, .may_be_partial = true}, {});
  const auto found = clone.first_commits(paths, options.since, {});
  if (found.authored_at.size() == paths.size()) return 0;
  std::cerr << "found " << found.authored_at.size() << " of " << paths.size() << ": "
            << found.obstacle << '\n';
  return 1;
}

Measured measure(const Options& options, const std::string& url,
                 const std::vector<std::string>& paths, const std::string& since) {
  const testing::TempFolder folder;
  std::ofstream file(folder / "paths");
  for (const auto& path : paths)
    file << path << '\n';
  file.close();
  return run(
      {.arguments = {options.program, "--url", url, "--paths", folder / "paths", "--since", since},
       .samples_memory = true});
}

void print(const char* what, const Measured& measured) {
  std::printf("%-44s %7.2f s %7.1f MiB\n", what, measured.seconds, measured.process_mib);
}

int bench(const Options& options) {
  const testing::TempFolder folder;
  const auto make = [&](const std::string& name, int folders) {
    const auto bare = folder / name;
    testing::make_bare_repository(bare);
    auto paths = testing::HistoryMaker({.commits = options.commits,
                                        .files = options.posts,
                                        .folders = folders,
                                        .has_changes = folders > 1})
                     .write(bare);
    testing::git({"-C", bare, "repack", "-q", "-a", "-d"});
    return paths;
  };
  const auto paths = make("blog.git", 120);
  const auto flat_paths = make("flat.git", 1);
  std::printf("%d commits, %d posts\n", options.commits, options.posts);
  const ServerProcess server({options.server, folder.path()});
  const auto nested = measure(options, server.said() + "/blog.git", paths, "");
  print("all dates, posts in 120 folders", nested);
  const auto flat = measure(options, server.said() + "/flat.git", flat_paths, "");
  print("all dates, posts in one folder", flat);
  const auto time =
      testing::git({"-C", folder / "blog.git", "log", "-1", "--format=%ct", "main~3"});
  const auto newest = testing::git({"-C", folder / "blog.git", "diff", "--name-only",
                                    "--diff-filter=A", "--no-renames", "main~3", "main"});
  const auto recent = measure(options, server.said() + "/blog.git",
                              newest.empty() ? std::vector<std::string>{}
                                             : std::vector{newest.substr(0, newest.find('\n'))},
                              time);
  print("one new post", recent);
  // All files in one folder are the worst case, and no usual blog.
  const bool is_reached = std::max(nested.seconds, flat.seconds) <= seconds_wanted &&
                          std::max(nested.process_mib, flat.process_mib) <= mebibytes_wanted;
  std::printf("wanted: %.0f s and %.0f MiB: %s\n", seconds_wanted, mebibytes_wanted,
              is_reached ? "reached" : "missed");
  std::ofstream(options.json)
      << nlohmann::json{{"commits", options.commits},        {"posts", options.posts},
                        {"folders_seconds", nested.seconds}, {"folders_mib", nested.process_mib},
                        {"flat_seconds", flat.seconds},      {"flat_mib", flat.process_mib},
                        {"recent_seconds", recent.seconds},  {"recent_mib", recent.process_mib}}
             .dump(2)
      << '\n';
  return is_reached ? 0 : 1;
}

Options read(int argc, char** argv) {
  Options options;
  options.program = argv[0];
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--server") options.server = value;
    if (name == "--json") options.json = value;
    if (name == "--commits") options.commits = std::stoi(value);
    if (name == "--posts") options.posts = std::stoi(value);
    if (name == "--url") options.url = value;
    if (name == "--paths") options.paths_file = value;
    if (name == "--since" && !value.empty())
      options.since = base::TimePoint(std::chrono::seconds(std::stoll(value)));
  }
  return options;
}

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  devy::testing::register_roles();
  if (const auto status = devy::process::run_child_role(argc, argv)) return *status;
  const auto options = devy::bench::read(argc, argv);
  return options.url.empty() ? devy::bench::bench(options) : devy::bench::look_up(options);
}
