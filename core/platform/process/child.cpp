#include "core/platform/process/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/process/frame.hpp"

namespace devy::process {
namespace {

using base::Descriptor;
using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

[[noreturn]] void throw_unable(std::string_view what, int number) {
  const auto text =
      "unable to start a child process: " + std::string(what) + ": " + std::strerror(number);
  if (number == ENOMEM)
    throw Error(ErrorKind::internal, text,
                "Raise limits.worker_memory_bytes_max, or look for what is so large.",
                "out_of_memory");
  throw Error(ErrorKind::internal, text,
              "Look at how many processes and descriptors this program may have.", "no_process");
}

// Ourselves, even when our file has been replaced.
std::string own_program() {
#ifdef DEVY_VALGRIND
  // Under valgrind, /proc/self/exe is valgrind itself; only reading the link gives the program.
  return std::filesystem::read_symlink("/proc/self/exe");
#else
  return "/proc/self/exe";
#endif
}

// posix_spawn's two C handles.
class SpawnPlan {
 public:
  // `handed_on` are above all that they are moved to.
  SpawnPlan(int child_input, int child_output, const std::vector<Descriptor>& handed_on) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_adddup2(&actions_, child_input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, child_output, STDOUT_FILENO);
    int next = first_descriptor;
    for (const auto& descriptor : handed_on)
      posix_spawn_file_actions_adddup2(&actions_, descriptor.get(), next++);
    posix_spawn_file_actions_addclosefrom_np(&actions_, next);
    // Its own process group: ^C on a terminal reaches the parent only, which then decides.
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  [[nodiscard]] pid_t run(std::string_view role) const {
    std::string name = program_invocation_short_name;
    std::string argument = std::string(child_argument) + std::string(role);
    std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
    std::vector<char*> environment = harmless_environment();
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, own_program().c_str(), &actions_, &attributes_,
                                   arguments.data(), environment.data());
    if (failed != 0) throw_unable("posix_spawn", failed);
    return pid;
  }

 private:
  // The part of our environment that a child may have: locations, and settings for tests. The rest
  // is withheld: a child reads untrusted bytes, and PGPASSWORD may be in the environment.
  static std::vector<char*> harmless_environment() {
    static constexpr std::string_view prefixes[]{
    // NOLINT: as many as this build has
#ifdef DEVY_FAULT_POINTS
        "DEVY_FAULT",
#endif
        "PATH=",      "LANG=", "LC_",           "TZ=",   "TMPDIR=", "SSL_CERT_", "ASAN_OPTIONS=",
        "UBSAN_",     "LSAN_", "TSAN_OPTIONS=", "GCOV_", "LD_",     "FAKETIME",  "JOURNAL_STREAM="};
    std::vector<char*> kept;
    for (char** entry = environ; *entry != nullptr; ++entry)
      if (std::ranges::any_of(prefixes,
                              [&](auto p) { return std::string_view(*entry).starts_with(p); }))
        kept.push_back(*entry);
    kept.push_back(nullptr);
    return kept;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// Copies above every number the child will see, so that moving one never overwrites another.
std::vector<Descriptor> copy_upwards(std::span<const int> descriptors) {
  if (descriptors.size() > child_descriptors_max) throw_unable("too many descriptors", E2BIG);
  std::vector<Descriptor> copies;
  for (const int descriptor : descriptors) {
    // Not higher than needed: there may be few descriptors.
    copies.emplace_back(fcntl(descriptor, F_DUPFD_CLOEXEC,
                              first_descriptor + static_cast<int>(descriptors.size())));
    if (copies.back().get() < 0) throw_unable("fcntl", errno);
  }
  return copies;
}

std::string describe_ending(int status) {
  if (WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  return "killed by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
}

milliseconds to_milliseconds(const timeval& time) {
  return milliseconds(time.tv_sec * 1000 + time.tv_usec / 1000);
}

int poll_timeout(base::MonotonicTime deadline) {
  const auto left =
      std::chrono::ceil<milliseconds>(deadline - base::system_clock().monotonic_now());
  return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 1'000'000));
}

#ifdef DEVY_COVERED
// The requested work is done; the child is left to exit by itself, because one that is killed would
// write no coverage data.
void wait_for_end(int output) {
  constexpr int patience_ms = 2'000;
  std::array<char, 4096> unread;  // NOLINT: filled by read
  pollfd wait{output, POLLIN, 0};
  while (poll(&wait, 1, patience_ms) > 0)
    if (::read(output, unread.data(), unread.size()) <= 0) break;
}
#endif

}  // namespace

Child Child::spawn(std::string_view role, const ChildLimits& limits,
                   std::span<const int> descriptors) {
  // A socket, because a send to a dead child can then fail without a SIGPIPE for the whole process.
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    throw_unable("socketpair", errno);
  Descriptor ours(sockets[0]);
  const Descriptor theirs(sockets[1]);
  std::array<int, 2> pipes{};
  if (pipe2(pipes.data(), O_CLOEXEC) != 0) throw_unable("pipe", errno);
  Descriptor output(pipes[0]);
  const Descriptor child_output(pipes[1]);
  for (const int descriptor : {ours.get(), output.get()})
    if (fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0) throw_unable("fcntl", errno);

  const auto handed_on = copy_upwards(descriptors);
  const SpawnPlan plan(theirs.get(), child_output.get(), handed_on);
  Child child;
  child.pid_ = plan.run(role);
  base::fault_point("before_child_exec");
  child.input_ = ours.release();
  child.output_ = output.release();
  const Greeting greeting{limits.memory_bytes_max, limits.cpu_seconds_max,
                          static_cast<std::uint64_t>(getpid()), descriptors.size()};
  // A dead child is noticed by the first real send or receive.
  static_cast<void>(child.send(to_frame(greeting)));
  return child;
}

Child::Child(Child&& other) noexcept {
  *this = std::move(other);
}

Child& Child::operator=(Child&& other) noexcept {
  if (this == &other) return *this;
  end();
  pid_ = std::exchange(other.pid_, -1);
  input_ = std::exchange(other.input_, -1);
  output_ = std::exchange(other.output_, -1);
  backlog_ = std::move(other.backlog_);
  ending_ = std::move(other.ending_);
  ended_cpu_ = other.ended_cpu_;
  return *this;
}

Child::~Child() {
  end();
}

void Child::end() noexcept {
#ifdef DEVY_COVERED
  close_input();
  if (pid_ > 0 && output_ >= 0) wait_for_end(output_);
#endif
  kill();
  close_input();
  close_output();
  if (pid_ < 0) return;
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

bool Child::send(std::string_view frame) {
  if (input_ < 0 || frame.size() > frame_bytes_max) return false;
  const std::string bytes = frame_header(frame.size()) + std::string(frame);
  std::size_t sent = 0;
  auto deadline = base::system_clock().monotonic_now() + child_send_timeout;
  while (sent < bytes.size()) {
    const auto count = ::send(input_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
      deadline = base::system_clock().monotonic_now() + child_send_timeout;
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
    std::array<pollfd, 2> waits{{{input_, POLLOUT, 0}, {output_, POLLIN, 0}}};
    const int ready = poll(waits.data(), waits.size(), poll_timeout(deadline));
    if (ready == 0 || backlog_.size() > child_backlog_bytes_max) {
      kill();
      return false;
    }
    if ((waits[1].revents & (POLLIN | POLLHUP)) != 0 && !read_some()) close_output();
  }
  return true;
}

// False at the end of the child's output.
bool Child::read_some() {
  std::array<char, 64 * 1024> buffer;  // NOLINT: filled by read
  const auto count = ::read(output_, buffer.data(), buffer.size());
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  backlog_.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

bool Child::read_frame(std::string& frame, std::size_t bytes_max) {
  if (backlog_.size() < frame_header_bytes) return false;
  const auto length = frame_length(backlog_);
  if (length > bytes_max)
    throw Error(ErrorKind::internal, "unable to read from a child process: a frame of " +
                                         std::to_string(length) + " bytes is over the limit");
  if (backlog_.size() < frame_header_bytes + length) return false;
  frame.assign(backlog_, frame_header_bytes, length);
  backlog_.erase(0, frame_header_bytes + length);
  return true;
}

ReadResult Child::receive(std::string& frame, std::size_t bytes_max, milliseconds timeout) {
  const auto deadline = base::system_clock().monotonic_now() + timeout;
  while (!read_frame(frame, bytes_max)) {
    if (output_ < 0) return ReadResult::end;
    pollfd wait{output_, POLLIN, 0};
    const int ready = poll(&wait, 1, poll_timeout(deadline));
    if (ready == 0) return ReadResult::timed_out;
    if (ready > 0 && !read_some()) close_output();
  }
  return ReadResult::data;
}

void Child::close_input() {
  if (input_ >= 0) ::close(std::exchange(input_, -1));
}

void Child::close_output() noexcept {
  if (output_ >= 0) ::close(std::exchange(output_, -1));
}

void Child::kill() noexcept {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

std::optional<std::string> Child::reap(int options) {
  if (pid_ < 0) return ending_;
  int status = 0;
  rusage usage{};
  pid_t reaped = -1;
  while ((reaped = wait4(pid_, &status, options, &usage)) < 0 && errno == EINTR) {
  }
  if (reaped == 0) return std::nullopt;
  pid_ = -1;
  if (reaped < 0) return ending_ = "already reaped";
  ended_cpu_ = to_milliseconds(usage.ru_utime) + to_milliseconds(usage.ru_stime);
  return ending_ = describe_ending(status);
}

std::string Child::wait() {
  close_input();
  close_output();
  return reap(0).value_or("still running");
}

std::optional<std::string> Child::try_wait() {
  return reap(WNOHANG);
}

milliseconds Child::cpu_time() const {
  clockid_t clock{};
  timespec time{};
  if (pid_ < 0 || clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0)
    return ended_cpu_;
  return milliseconds(time.tv_sec * 1000 + time.tv_nsec / 1'000'000);
}

}  // namespace devy::process
