// What children of this test program may still call, one call after the other. Each is made with
// arguments that the system would refuse otherwise, so that EPERM is the filter's word.
#include "core/platform/process/confinement.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <functional>
#include <map>

#include "core/platform/process/child.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::process {
namespace confinement_test {

constexpr int nothing = -1;
constexpr std::size_t bytes_max = 4096;

// The errno it fails with, or 0.
using Calls = std::map<std::string, std::function<int(const std::string& folder)>>;

int failure(long result) {
  return result < 0 ? errno : 0;
}

int open_with(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  const int failed = failure(descriptor);
  if (descriptor >= 0) ::close(descriptor);
  return failed;
}

int socket_of(int family) {
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int failed = failure(descriptor);
  if (descriptor >= 0) ::close(descriptor);
  return failed;
}

const Calls& calls() {
  static const Calls all{
      {"ptrace", [](const auto&) { return failure(::ptrace(PTRACE_PEEKDATA, -1, 0, 0)); }},
      {"type",
       [](const auto&) {
         char letter = 'x';
         return failure(::ioctl(nothing, TIOCSTI, &letter));
       }},
      {"type by a wide number",
       [](const auto&) {
         char letter = 'x';
         return failure(::syscall(SYS_ioctl, nothing, TIOCSTI | (1UL << 32U), &letter));
       }},
      {"mount",
       [](const auto&) { return failure(::mount(nullptr, nullptr, nullptr, 0, nullptr)); }},
      {"unshare", [](const auto&) { return failure(::syscall(SYS_unshare, 0)); }},
      {"io_uring", [](const auto&) { return failure(::syscall(SYS_io_uring_setup, 1, nullptr)); }},
      {"keyctl", [](const auto&) { return failure(::syscall(SYS_keyctl, -1)); }},
      {"execve", [](const auto&) { return failure(::execl("/nowhere", "x", nullptr)); }},
      {"execveat",
       [](const auto&) { return failure(::syscall(SYS_execveat, -1, "x", nullptr, nullptr, 0)); }},
      {"listen", [](const auto&) { return failure(::listen(nothing, 1)); }},
      {"accept", [](const auto&) { return failure(::accept(nothing, nullptr, nullptr)); }},
      {"accept4", [](const auto&) { return failure(::accept4(nothing, nullptr, nullptr, 0)); }},
      {"kill parent", [](const auto&) { return failure(::kill(::getppid(), 0)); }},
      {"kill itself", [](const auto&) { return failure(::kill(::getpid(), 0)); }},
      {"unix socket", [](const auto&) { return socket_of(AF_UNIX); }},
      {"inet socket", [](const auto&) { return socket_of(AF_INET); }},
      {"alg socket", [](const auto&) { return socket_of(AF_ALG); }},
      {"vsock socket", [](const auto&) { return socket_of(AF_VSOCK); }},
      {"connect", [](const auto&) { return failure(::connect(nothing, nullptr, 0)); }},
      {"read", [](const auto& folder) { return open_with(folder + "/there", O_RDONLY); }},
      {"write", [](const auto& folder) { return open_with(folder + "/there", O_WRONLY); }},
      {"read and write", [](const auto& folder) { return open_with(folder + "/there", O_RDWR); }},
      {"create", [](const auto& folder) { return open_with(folder + "/new", O_RDONLY | O_CREAT); }},
      {"truncate",
       [](const auto& folder) { return open_with(folder + "/there", O_RDONLY | O_TRUNC); }},
      {"plain open",
       [](const auto& folder) {
         return failure(::syscall(SYS_open, (folder + "/there").c_str(), O_WRONLY));
       }},
      {"openat2", [](const auto&) { return failure(::syscall(437, -1, nullptr, nullptr, 0)); }},
      {"unlink", [](const auto& folder) { return failure(::unlink((folder + "/none").c_str())); }},
      {"rename",
       [](const auto& folder) {
         return failure(::rename((folder + "/none").c_str(), (folder + "/there").c_str()));
       }},
      {"mkdir", [](const auto& folder) { return failure(::mkdir((folder + "/d").c_str(), 0700)); }},
  };
  return all;
}

// Makes every call and tells of each.
int make_calls(Parent& parent) {
  const auto folder = parent.receive(bytes_max);
  for (const auto& [name, call] : calls())
    parent.send(name + "=" + std::to_string(call(*folder)));
  return 0;
}

const bool is_registered = [] {
  register_role("calls_freely", make_calls);
  register_role("calls_spawning", make_calls, Confinement::spawns);
  register_role("calls_serving", make_calls, Confinement::serves);
  register_role("calls_fetching", make_calls, Confinement::fetches);
  register_role("calls_computing", make_calls, Confinement::computes);
  return true;
}();

class ConfinementTest : public ::testing::Test {
 protected:
  // The names of the calls that are refused.
  std::vector<std::string> refused(const std::string& role) const {
    testing::write_text(folder_ / "there", "x");
    auto child = Child::spawn(role, {});
    EXPECT_TRUE(child.send(folder_.path()));
    std::vector<std::string> names;
    std::string frame;
    std::size_t answers = 0;
    while (child.receive(frame, bytes_max, std::chrono::seconds(20)) == ReadResult::data) {
      ++answers;
      const auto end = frame.find('=');
      if (frame.substr(end + 1) == std::to_string(EPERM)) names.push_back(frame.substr(0, end));
    }
    EXPECT_EQ(child.wait(), "exit status 0");
    EXPECT_EQ(answers, calls().size());
    return names;
  }
  // Sanitizers and coverage take no filter.
  static std::vector<std::string> where_there_is_a_filter(std::vector<std::string> names) {
    if (!can_confine()) names.clear();
    std::ranges::sort(names);
    return names;
  }
  static std::vector<std::string> with(std::vector<std::string> names,
                                       const std::vector<std::string>& more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
  }

  const std::vector<std::string> everybody_{
      "ptrace", "type", "type by a wide number", "mount", "unshare", "io_uring", "keyctl"};
  const std::vector<std::string> starting_{"execve", "execveat", "kill parent"};
  const std::vector<std::string> accepting_{"listen", "accept", "accept4"};
  testing::TempFolder folder_;
};

TEST_F(ConfinementTest, LeavesOtherProcessesFree) {
  EXPECT_EQ(refused("calls_freely"), std::vector<std::string>());
}

TEST_F(ConfinementTest, RestrictsAProcessThatStartsChildren) {
  EXPECT_EQ(refused("calls_spawning"), where_there_is_a_filter(with(everybody_, accepting_)));
}

TEST_F(ConfinementTest, RestrictsAProcessThatAcceptsConnections) {
  EXPECT_EQ(refused("calls_serving"), where_there_is_a_filter(with(everybody_, starting_)));
}

TEST_F(ConfinementTest, RestrictsAFetchingProcess) {
  EXPECT_EQ(refused("calls_fetching"),
            where_there_is_a_filter(with(with(with(everybody_, starting_), accepting_),
                                         {"unix socket", "alg socket", "vsock socket"})));
}

TEST_F(ConfinementTest, RestrictsARenderingProcessMost) {
  EXPECT_EQ(
      refused("calls_computing"),
      where_there_is_a_filter(with(with(with(everybody_, starting_), accepting_),
                                   {"unix socket", "inet socket", "alg socket", "vsock socket",
                                    "connect", "write", "read and write", "create", "truncate",
                                    "plain open", "openat2", "unlink", "rename", "mkdir"})));
}

}  // namespace confinement_test
}  // namespace devy::process
