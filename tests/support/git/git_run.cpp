#include "tests/support/git/git_run.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/process/memory_file.hpp"

namespace devy::testing {
namespace {

std::vector<std::string> fixed_environment() {
  const char* path = std::getenv("PATH");
  return {
      std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/bin"), "HOME=/nonexistent",
      "LC_ALL=C.UTF-8", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
      "GIT_TERMINAL_PROMPT=0", "GIT_AUTHOR_NAME=Ada Author", "GIT_AUTHOR_EMAIL=ada@example.test",
      "GIT_COMMITTER_NAME=Carl Committer", "GIT_COMMITTER_EMAIL=carl@example.test",
      // Folders may belong to the user a test dropped to; fsync and gc only cost time.
      "GIT_CONFIG_COUNT=4", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
      "GIT_CONFIG_KEY_1=core.fsync", "GIT_CONFIG_VALUE_1=none", "GIT_CONFIG_KEY_2=gc.auto",
      "GIT_CONFIG_VALUE_2=0", "GIT_CONFIG_KEY_3=protocol.file.allow", "GIT_CONFIG_VALUE_3=always"};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

GitResult run_git(const GitRun& run) {
  const MemoryFile input(run.input);
  const MemoryFile output;
  const MemoryFile complaints;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, complaints.descriptor(), STDERR_FILENO);
  auto arguments = run.arguments;
  arguments.insert(arguments.begin(), "git");
  auto environment = fixed_environment();
  environment.insert(environment.begin(), run.environment.begin(), run.environment.end());
  pid_t pid = -1;
  const int failed = posix_spawnp(&pid, "git", &actions, nullptr, pointers_to(arguments).data(),
                                  pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("the git program cannot be run");
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), output.read_all(),
          complaints.read_all()};
}

std::string git(const std::vector<std::string>& arguments, std::string_view input) {
  auto result = run_git({.arguments = arguments, .input = input});
  if (result.status != 0) {
    std::string command = "git";
    for (const auto& argument : arguments)
      command += " " + argument;
    throw std::runtime_error(command + ": " + result.complaints);
  }
  if (result.output.ends_with('\n')) result.output.pop_back();
  return std::move(result.output);
}

}  // namespace devy::testing
