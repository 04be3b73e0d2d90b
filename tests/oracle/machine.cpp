#include "tests/oracle/machine.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace devy::testing {
namespace {

namespace fs = std::filesystem;

std::string read_whole(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();  // a process that goes meanwhile is no error
  return text.str();
}

struct Process {
  pid_t parent = 0;
  char state = '?';
};

// Of /proc/<pid>/stat: what is behind the name, which may hold anything.
std::map<pid_t, Process> all_processes() {
  std::map<pid_t, Process> processes;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    const auto stat = read_whole(entry.path() / "stat");
    const auto bracket = stat.rfind(')');
    if (bracket == std::string::npos) continue;  // it has gone meanwhile
    Process process;
    std::istringstream(stat.substr(bracket + 1)) >> process.state >> process.parent;
    processes[pid] = process;
  }
  return processes;
}

// It and all that come from it.
std::vector<pid_t> family(const std::map<pid_t, Process>& processes, pid_t head) {
  std::vector<pid_t> members{head};
  for (std::size_t i = 0; i < members.size(); ++i)
    for (const auto& [pid, process] : processes)
      if (process.parent == members[i]) members.push_back(pid);
  return members;
}

std::uint64_t resident_bytes(pid_t pid) {
  std::uint64_t all = 0, resident = 0;
  std::istringstream(read_whole("/proc/" + std::to_string(pid) + "/statm")) >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::size_t descriptors(pid_t pid) {
  std::error_code gone;
  std::size_t count = 0;
  for (fs::directory_iterator entry("/proc/" + std::to_string(pid) + "/fd", gone), end;
       !gone && entry != end; entry.increment(gone))
    ++count;
  return count;
}

std::uint64_t proportional_bytes(pid_t pid) {
  std::istringstream lines(read_whole("/proc/" + std::to_string(pid) + "/smaps_rollup"));
  for (std::string word; lines >> word;)
    if (word == "Pss:") {
      std::uint64_t kibibytes = 0;
      lines >> kibibytes;
      return kibibytes << 10U;
    }
  return 0;
}

std::size_t threads(pid_t pid) {
  std::error_code gone;
  std::size_t count = 0;
  for (fs::directory_iterator entry("/proc/" + std::to_string(pid) + "/task", gone), end;
       !gone && entry != end; entry.increment(gone))
    ++count;
  return count;
}

bool is_litter(const std::string& name) {
  return name.ends_with(".lock") || name.starts_with("tmp_pack_") || name.starts_with("tmp_idx_");
}

}  // namespace

std::vector<std::string> leftovers(const std::vector<std::string>& folders,
                                   std::chrono::system_clock::time_point oldest_kept) {
  std::vector<std::string> found;
  const auto age = std::chrono::system_clock::now() - oldest_kept;
  const auto kept = fs::file_time_type::clock::now() -
                    std::chrono::duration_cast<fs::file_time_type::duration>(age);
  for (const auto& folder : folders) {
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.last_write_time() < kept) found.push_back("left behind: " + entry.path().string());
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (is_litter(entry.path().filename()) && entry.last_write_time() < kept)
        found.push_back("half a file: " + entry.path().string());
  }
  return found;
}

std::vector<std::string> zombies(const std::vector<pid_t>& daemons) {
  std::vector<std::string> found;
  const auto processes = all_processes();
  for (const auto daemon : daemons) {
    if (!processes.contains(daemon)) found.push_back("no such process: " + std::to_string(daemon));
    for (const auto pid : family(processes, daemon))
      if (const auto process = processes.find(pid);
          process != processes.end() && process->second.state == 'Z')
        found.push_back("never reaped: " + std::to_string(pid));
  }
  return found;
}

std::vector<std::string> beyond_limits(const std::vector<pid_t>& daemons,
                                       const MachineLimits& limits) {
  std::vector<std::string> found;
  const auto processes = all_processes();
  for (const auto daemon : daemons) {
    const auto members = family(processes, daemon);
    const auto of = " of daemon " + std::to_string(daemon);
    std::uint64_t bytes = 0;
    for (const auto pid : members) {
      bytes += resident_bytes(pid);
      if (const auto count = descriptors(pid); count > limits.descriptors_max)
        found.push_back(std::to_string(count) + " descriptors of process " + std::to_string(pid) +
                        of);
    }
    if (bytes > limits.resident_bytes_max)
      found.push_back(std::to_string(bytes >> 20U) + " MiB resident" + of);
    if (members.size() > limits.processes_max)
      found.push_back(std::to_string(members.size()) + " processes" + of);
  }
  return found;
}

Usage usage_of(pid_t daemon) {
  Usage usage;
  for (const auto pid : family(all_processes(), daemon)) {
    const auto resident = resident_bytes(pid);
    usage.resident_bytes += resident;
    usage.largest_bytes = std::max(usage.largest_bytes, resident);
    usage.proportional_bytes += proportional_bytes(pid);
    usage.descriptors += descriptors(pid);
    usage.threads += threads(pid);
    ++usage.processes;
  }
  return usage;
}

std::vector<std::string> told_secrets(const std::string& secrets,
                                      const std::vector<std::string>& files) {
  std::map<std::string, std::string> places;
  for (const auto& file : files)
    places[file] = read_whole(file);
  for (const auto& [pid, process] : all_processes())
    places["the arguments of process " + std::to_string(pid)] =
        read_whole("/proc/" + std::to_string(pid) + "/cmdline");
  std::vector<std::string> found;
  std::istringstream lines(secrets);
  int number = 0;
  for (std::string secret; std::getline(lines, secret);) {
    ++number;
    if (secret.empty()) continue;
    for (const auto& [place, text] : places)
      if (text.find(secret) != std::string::npos)
        found.push_back("secret " + std::to_string(number) + " is in " + place);
  }
  return found;
}

}  // namespace devy::testing
