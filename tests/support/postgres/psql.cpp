#include "tests/support/postgres/psql.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "tests/support/process/memory_file.hpp"

namespace devy::testing {
namespace {

// Debian's own `psql` is a Perl script that looks for the newest of these; it costs several times
// what a question does, and the oracle has many.
std::string program() {
  std::string newest = "psql";
  std::error_code none;
  int newest_version = 0;
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const auto found = folder.path() / "bin/psql";
    const int version = std::atoi(folder.path().filename().c_str());
    if (version <= newest_version || access(found.c_str(), X_OK) != 0) continue;
    newest = found;
    newest_version = version;
  }
  return newest;
}

}  // namespace

std::string psql(const std::string& conninfo, std::string_view sql) {
  const MemoryFile input(sql), output, errors;
  static const std::string psql_program = program();
  std::vector<std::string> arguments{psql_program,      "-XAtq", "-v",
                                     "ON_ERROR_STOP=1", "-d",    conninfo};
  std::vector<char*> argv;
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.descriptor(), STDERR_FILENO);
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("unable to run psql");
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw std::runtime_error("psql: " + errors.read_all());
  return output.read_all();
}

}  // namespace devy::testing
