#include "tests/support/psql.hpp"

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

namespace devy::testing {
namespace {

// A file without a name: unlike a pipe it takes any amount, so nobody waits for anybody.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("psql", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("unable to make a memory file");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  [[nodiscard]] int descriptor() const { return descriptor_; }

  void fill(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = write(descriptor_, text.data(), text.size());
      if (count <= 0) throw std::runtime_error("unable to fill a memory file");
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    lseek(descriptor_, 0, SEEK_SET);
  }

  [[nodiscard]] std::string text() const {
    std::string whole;
    std::array<char, 65536> buffer{};
    ssize_t count = 0;
    lseek(descriptor_, 0, SEEK_SET);
    while ((count = read(descriptor_, buffer.data(), buffer.size())) > 0)
      whole.append(buffer.data(), static_cast<std::size_t>(count));
    return whole;
  }

 private:
  int descriptor_;
};

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
  const MemoryFile input, output, errors;
  input.fill(sql);
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
  if (status != 0) throw std::runtime_error("psql: " + errors.text());
  return output.text();
}

}  // namespace devy::testing
