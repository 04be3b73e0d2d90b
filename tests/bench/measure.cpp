#include "tests/bench/measure.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace devy::bench {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Proportional set size in KiB; 0 when the process is gone.
double pss_kib(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/smaps_rollup");
  std::string line;
  while (std::getline(file, line))
    if (line.starts_with("Pss:")) return std::stod(line.substr(4));
  return 0;
}

// The process and all below it, by asking each thread of it for its children.
void add_tree(const std::string& pid, std::set<std::string>& tree) {
  if (!tree.insert(pid).second) return;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + pid + "/task", ignored)) {
    std::ifstream children(task.path() / "children");
    std::string child;
    while (children >> child)
      add_tree(child, tree);
  }
}

// Samples until the process has ended and is reaped.
double sample_tree(pid_t pid, int& status, rusage& usage) {
  double most = 0;
  while (wait4(pid, &status, WNOHANG, &usage) == 0) {
    std::set<std::string> tree;
    add_tree(std::to_string(pid), tree);
    double sum = 0;
    for (const auto& member : tree)
      sum += pss_kib(member);
    most = std::max(most, sum);
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return most / 1024;
}

pid_t spawn(const Command& command) {
  std::vector<char*> arguments;
  for (const auto& argument : command.arguments)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (char** variable = environ; *variable != nullptr; ++variable)
    environment.push_back(*variable);
  for (const auto& variable : command.environment)
    environment.push_back(const_cast<char*>(variable.c_str()));
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string input = command.input_file.empty() ? "/dev/null" : command.input_file;
  posix_spawn_file_actions_addopen(&actions, 0, input.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, command.output_file.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t pid = 0;
  const int failure =
      posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw std::runtime_error("unable to run " + command.arguments[0] + ": " + strerror(failure));
  return pid;
}

}  // namespace

Measured run(const Command& command) {
  Measured measured;
  rusage usage{};
  int status = 0;
  const auto start = Clock::now();
  const pid_t pid = spawn(command);
  if (command.samples_memory) measured.tree_mib = sample_tree(pid, status, usage);
  else wait4(pid, &status, 0, &usage);
  measured.seconds = since(start);
  measured.process_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  measured.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (measured.status != 0) {
    std::string line;
    for (const auto& argument : command.arguments)
      line += argument + " ";
    throw std::runtime_error("status " + std::to_string(measured.status) + " from " +
                             line.substr(0, 300));
  }
  return measured;
}

Measured median_of(int times, const std::function<Command(int)>& prepare) {
  std::vector<Measured> runs;
  for (int i = 0; i < times; ++i)
    runs.push_back(run(prepare(i)));
  std::ranges::sort(runs, {}, &Measured::seconds);
  auto median = runs[runs.size() / 2];
  for (const auto& one : runs) {
    median.process_mib = std::max(median.process_mib, one.process_mib);
    median.tree_mib = std::max(median.tree_mib, one.tree_mib);
  }
  return median;
}

double cpu_seconds(int pid) {
  std::set<std::string> tree;
  add_tree(std::to_string(pid), tree);
  double ticks = 0;
  for (const auto& member : tree) {
    std::ifstream file("/proc/" + member + "/stat");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    // After the name in parentheses; the 14th to 17th fields: its own time, and its dead
    // children's.
    std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 2)));
    std::string skipped;
    for (int n = 3; n < 14; ++n)
      fields >> skipped;
    double user = 0, system = 0, children_user = 0, children_system = 0;
    fields >> user >> system >> children_user >> children_system;
    ticks += user + system + children_user + children_system;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double seconds_of(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return since(start);
}

}  // namespace devy::bench
