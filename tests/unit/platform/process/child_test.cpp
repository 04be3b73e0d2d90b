// Children of this very test program, playing roles registered here.
#include "core/platform/process/child.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/error.hpp"

namespace devy::process {
namespace child_test {

using std::chrono::milliseconds;

constexpr std::size_t bytes_max = std::size_t{64} * 1024 * 1024;
constexpr milliseconds patience{20'000};

int echo(Parent& parent) {
  while (const auto frame = parent.receive(bytes_max))
    parent.send(*frame);
  return 0;
}

int burn(Parent&) {
  volatile bool goes_on = true;
  while (goes_on) {
  }
  return 0;
}

int hang(Parent&) {
  for (;;)
    pause();
}

int grow(Parent&) {
  std::vector<std::string> held;
  for (;;)
    held.emplace_back(1024UL * 1024, 'x');
}

int describe(Parent& parent) {
  rlimit core{};
  getrlimit(RLIMIT_CORE, &core);
  std::ifstream arguments("/proc/self/cmdline");
  std::string line;
  std::getline(arguments, line, '\0');
  std::getline(arguments, line, '\0');
  parent.send(std::to_string(core.rlim_cur) + " " + line + " " +
              (std::getenv("DEVY_TEST_PASSWORD") == nullptr ? "clean" : "leaked"));
  std::cout << "a stray print" << std::endl;
  parent.send("after the print");
  return 3;
}

int fail(Parent&) {
  throw std::runtime_error("as asked");
}

// Answers with what stands in the first file handed on, then the second; then waits for its input's
// end, which it finds by poll(2).
int read_descriptors(Parent& parent) {
  for (const int descriptor : parent.descriptors()) {
    std::string text(16, '\0');
    const auto count = pread(descriptor, text.data(), text.size(), 0);
    parent.send(text.substr(0, static_cast<std::size_t>(count)) +
                ((fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0 ? " closes" : " stays"));
  }
  parent.send(fcntl(100, F_GETFD) < 0 ? "no more" : "another");
  pollfd wait{parent.input(), POLLIN, 0};
  poll(&wait, 1, -1);
  return parent.receive(bytes_max) ? 1 : 0;
}

int limits_of(Parent& parent) {
  rlimit memory{};
  getrlimit(RLIMIT_AS, &memory);
  parent.send(std::to_string(memory.rlim_cur));
  return 0;
}

int descriptors_of(Parent& parent) {
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  parent.send(std::to_string(descriptors.rlim_cur));
  return 0;
}

// A limited process whose child asks for more.
int limited_parent(Parent& parent) {
  auto child = Child::spawn("limits_of", {.memory_bytes_max = 4096UL * 1024 * 1024ULL});
  std::string answer;
  static_cast<void>(child.receive(answer, bytes_max, patience));
  parent.send(answer);
  return 0;
}

const bool registered = [] {
  register_role("echo", echo);
  register_role("burn", burn);
  register_role("hang", hang);
  register_role("grow", grow);
  register_role("describe", describe);
  register_role("fail", fail);
  register_role("read_descriptors", read_descriptors);
  register_role("limits_of", limits_of);
  register_role("descriptors_of", descriptors_of);
  register_role("descriptors_of_a_server", descriptors_of, Confinement::serves);
  register_role("limited_parent", limited_parent);
  return true;
}();

TEST(Child, AnswersFramesOfAnySize) {
  auto child = Child::spawn("echo", {});
  std::string answer;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{300'000}}) {
    ASSERT_TRUE(child.send(std::string(size, 'x')));
    ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
    EXPECT_EQ(answer, std::string(size, 'x'));
  }
  child.close_input();
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_EQ(child.wait(), "exit status 0");
}

TEST(Child, TakesManyLargeFramesBeforeAnyAnswerIsRead) {
  auto child = Child::spawn("echo", {});
  const std::string large(4UL * 1024 * 1024, 'y');
  for (int n = 0; n < 5; ++n)
    ASSERT_TRUE(child.send(large));
  std::string answer;
  for (int n = 0; n < 5; ++n) {
    ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
    EXPECT_EQ(answer, large);
  }
}

TEST(Child, TimesOutAndCanBeAskedAgain) {
  auto child = Child::spawn("echo", {});
  std::string answer;
  EXPECT_EQ(child.receive(answer, bytes_max, milliseconds(20)), ReadResult::timed_out);
  ASSERT_TRUE(child.send("late"));
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
  EXPECT_EQ(answer, "late");
}

TEST(Child, RefusesAFrameOverTheLimit) {
  auto child = Child::spawn("echo", {});
  ASSERT_TRUE(child.send("12345"));
  std::string answer;
  EXPECT_THROW(static_cast<void>(child.receive(answer, 4, patience)), base::Error);
}

TEST(Child, DiesWithoutASignalForItsParent) {
  auto child = Child::spawn("hang", {});
  child.kill();
  std::string answer;
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_FALSE(child.send(std::string(1024UL * 1024, 'z')));
  EXPECT_EQ(child.wait(), "killed by signal 9 (Killed)");
  EXPECT_EQ(child.wait(), "killed by signal 9 (Killed)");
}

TEST(Child, EndsAtItsCpuLimit) {
  auto child = Child::spawn("burn", {.cpu_seconds_max = 1});
  std::string answer;
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::end);
  const auto ending = child.wait();
  EXPECT_TRUE(ending.starts_with("killed by signal")) << ending;
  // The kernel counts the limit in ticks and the time used exactly: they differ by a tenth and
  // more.
  EXPECT_GE(child.cpu_time(), milliseconds(500));
}

TEST(Child, EndsAtItsMemoryLimit) {
#ifdef DEVY_SANITIZED
  GTEST_SKIP() << "no address space limit under a sanitizer";
#endif
  auto child = Child::spawn("grow", {.memory_bytes_max = 256UL * 1024 * 1024});
  std::string answer;
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_EQ(child.wait(), "exit status 71");
}

TEST(Child, LeavesNoCoreAndGetsNoSecretAndCannotPrintIntoAFrame) {
  ASSERT_EQ(setenv("DEVY_TEST_PASSWORD", "secret", 1), 0);
  auto child = Child::spawn("describe", {});
  ASSERT_EQ(unsetenv("DEVY_TEST_PASSWORD"), 0);
  std::string answer;
  ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
  EXPECT_EQ(answer, "0 --devy-child=describe clean");
  ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
  EXPECT_EQ(answer, "after the print");
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_EQ(child.wait(), "exit status 3");
}

TEST(Child, SaysHowItFailed) {
  auto unknown = Child::spawn("nobody", {});
  std::string answer;
  EXPECT_EQ(unknown.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_EQ(unknown.wait(), "exit status 64");
  auto thrown = Child::spawn("fail", {});
  EXPECT_EQ(thrown.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_EQ(thrown.wait(), "exit status 70");
}

int file_with(const char* text) {
  const int file = memfd_create("test", MFD_CLOEXEC);
  EXPECT_EQ(write(file, text, strlen(text)), static_cast<ssize_t>(strlen(text)));
  return file;
}

// Whatever numbers they have here: the second may well be where the first is to go.
TEST(Child, GetsTheDescriptorsHandedOnAndNoOthers) {
  const base::Descriptor other(fcntl(STDERR_FILENO, F_DUPFD, 100));
  const base::Descriptor first(file_with("first")), second(file_with("second"));
  const std::vector<int> swapped{std::max(first.get(), second.get()),
                                 std::min(first.get(), second.get())};
  auto child = Child::spawn("read_descriptors", {}, swapped);
  std::string answer;
  for (const auto* expected : {"second closes", "first closes", "no more"}) {
    ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
    EXPECT_EQ(answer, expected);
  }
  EXPECT_EQ(child.try_wait(), std::nullopt);
  child.close_input();
  pollfd wait{child.output(), POLLIN, 0};
  EXPECT_EQ(poll(&wait, 1, static_cast<int>(patience.count())), 1);
  EXPECT_EQ(child.receive(answer, bytes_max, patience), ReadResult::end);
  EXPECT_EQ(child.output(), -1);
  EXPECT_EQ(child.wait(), "exit status 0");
  EXPECT_EQ(child.try_wait(), "exit status 0");
}

TEST(Child, HasFewDescriptorsUnlessItServes) {
  rlimit ours{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &ours), 0);
  for (const auto& [role, wanted] :
       {std::pair("descriptors_of", std::min<rlim_t>(ours.rlim_cur, 256)),
        std::pair("descriptors_of_a_server", ours.rlim_cur)}) {
    auto child = Child::spawn(role, {});
    std::string answer;
    ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
    EXPECT_EQ(answer, std::to_string(wanted)) << role;
  }
}

TEST(Child, IsAllowedNoMoreThanItsParent) {
#ifdef DEVY_SANITIZED
  GTEST_SKIP() << "no address space limit under a sanitizer";
#endif
  auto child = Child::spawn("limited_parent", {.memory_bytes_max = 512UL * 1024 * 1024});
  std::string answer;
  ASSERT_EQ(child.receive(answer, bytes_max, patience), ReadResult::data);
  EXPECT_EQ(answer, std::to_string(512UL * 1024 * 1024));
}

}  // namespace child_test
}  // namespace devy::process
