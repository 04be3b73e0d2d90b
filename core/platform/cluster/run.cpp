// run_program() of cluster_programs.hpp: spawn, feed, read, reap, all before a deadline.
#include "core/platform/cluster/programs.hpp"

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

namespace devy::cluster {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* setpriv = "/usr/bin/setpriv";  // util-linux: essential on Debian
constexpr std::chrono::milliseconds reap_interval{10};

std::string error_text(int number) {
  return std::generic_category().message(number);
}

// A pipe whose ends close with it.
struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Error(ErrorKind::internal, "unable to open a pipe: " + error_text(errno));
    read_end = ends[0];
    write_end = ends[1];
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_read();
    close_write();
  }
  void close_read() { close_one(read_end); }
  void close_write() { close_one(write_end); }

 private:
  static void close_one(int& descriptor) {
    if (descriptor >= 0) close(descriptor);
    descriptor = -1;
  }
};

// posix_spawn's two attribute objects, freed in every case.
struct SpawnSettings {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnSettings(const Pipe& input, const Pipe& output) {
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.read_end, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write_end, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output.write_end, STDERR_FILENO);
    // The server outlives us: it must not hold our caller's pipes, nor a folder it cannot enter.
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions, "/");
    posix_spawnattr_init(&attributes);
    // A session of its own, so that Ctrl-C in the terminal does not reach the server.
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

pid_t spawn(std::vector<std::string> arguments, const Pipe& input, const Pipe& output) {
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/"};
  std::vector<char*> argv, envp;
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  for (auto& variable : environment)
    envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const SpawnSettings settings(input, output);
  pid_t pid = -1;
  const int result =
      posix_spawn(&pid, argv[0], &settings.actions, &settings.attributes, argv.data(), envp.data());
  if (result != 0)
    throw Error(ErrorKind::unavailable,
                "unable to run '" + arguments[0] + "': " + error_text(result), {},
                "database_program_failed");
  return pid;
}

// Reads what is there within `patience`; false at the end of the output.
bool read_some(int descriptor, std::chrono::milliseconds patience, std::string& output) {
  pollfd waited{descriptor, POLLIN, 0};
  if (poll(&waited, 1, static_cast<int>(patience.count())) <= 0) return true;
  std::array<char, 4096> buffer{};
  const ssize_t count = read(descriptor, buffer.data(), buffer.size());
  if (count <= 0) return count < 0 && errno == EINTR;
  output.append(buffer.data(), static_cast<std::size_t>(count));
  if (output.size() > output_bytes_max) output.erase(0, output.size() - output_bytes_max);
  return true;
}

// Returns the exit status as a shell reports it, or nothing while the process runs.
std::optional<int> try_reap(pid_t pid) {
  int status = 0;
  const pid_t reaped = waitpid(pid, &status, WNOHANG);
  if (reaped == 0 || (reaped < 0 && errno == EINTR)) return std::nullopt;
  if (reaped < 0) return 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProgramResult run_program(const ServerUser& user, const std::vector<std::string>& arguments,
                          std::chrono::seconds timeout, const std::string& input) {
  std::vector<std::string> command;
  if (user.needs_drop)
    command = {setpriv, "--reuid=" + std::to_string(user.uid),
               "--regid=" + std::to_string(user.gid), "--init-groups", "--"};
  command.insert(command.end(), arguments.begin(), arguments.end());

  Pipe to_child, from_child;
  if (!input.empty() &&
      write(to_child.write_end, input.data(), input.size()) != static_cast<ssize_t>(input.size()))
    throw Error(ErrorKind::internal, "unable to write to a pipe: " + error_text(errno));
  const pid_t pid = spawn(std::move(command), to_child, from_child);
  to_child.close_read();
  to_child.close_write();
  from_child.close_write();

  const auto& clock = base::system_clock();
  const auto deadline = clock.monotonic_now() + timeout;
  ProgramResult result;
  bool has_more = true;
  while (true) {
    if (has_more) has_more = read_some(from_child.read_end, reap_interval, result.output);
    else poll(nullptr, 0, static_cast<int>(reap_interval.count()));
    // Not at the end of its output: a grandchild may have kept the pipe.
    if (const auto status = try_reap(pid)) {
      while (has_more) {
        const auto size = result.output.size();
        has_more = read_some(from_child.read_end, {}, result.output) && result.output.size() > size;
      }
      result.exit_status = *status;
      return result;
    }
    if (clock.monotonic_now() < deadline) continue;
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    throw Error(
        ErrorKind::unavailable,
        "unable to finish '" + arguments[0] + "' within " + std::to_string(timeout.count()) + " s",
        {}, "database_program_slow");
  }
}

}  // namespace devy::cluster
