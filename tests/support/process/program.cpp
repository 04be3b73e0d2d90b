#include "tests/support/process/program.hpp"
#include "tests/support/time_factor.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace devy::testing {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error("unable to run the program: " + what);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (auto& text : texts)
    found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

// As systemd does; LISTEN_PID is written by the child, who alone knows it in time.
constexpr std::size_t pid_digits = 10;

void add_sockets(const ProgramCall& call, std::map<std::string, std::string>& values) {
  if (call.sockets.empty()) return;
  values["LISTEN_FDS"] = std::to_string(call.sockets.size());
  values["LISTEN_FDNAMES"] = call.socket_names;
  values["LISTEN_PID"] = std::string(pid_digits, '0');
}

// In the child: no memory may be taken any more.
void inherit_sockets(const std::vector<int>& copies, const std::vector<char*>& environment) {
  int next = STDERR_FILENO + 1;
  for (const int copy : copies)
    ::dup2(copy, next++);
  constexpr std::string_view name = "LISTEN_PID=";
  for (char* variable : environment) {
    if (variable == nullptr || !std::string_view(variable).starts_with(name)) continue;
    auto pid = ::getpid();
    for (std::size_t digit = pid_digits; digit-- > 0; pid /= 10)
      variable[name.size() + digit] = static_cast<char>('0' + pid % 10);
  }
}

// Out of the way of the numbers they will have in the child.
std::vector<int> copy_upwards(const std::vector<int>& sockets) {
  constexpr int least = 200;
  std::vector<int> copies;
  for (const int socket : sockets)
    copies.push_back(::fcntl(socket, F_DUPFD_CLOEXEC, least));
  return copies;
}

// What tools that watch the tests want to tell the programs too.
constexpr std::array tool_variables{"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
                                    "GCOV_PREFIX"};

std::vector<std::string> environment_of(const ProgramCall& call) {
  const char* path = std::getenv("PATH");
  std::map<std::string, std::string> values{
      {"PATH", path ? path : "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}, {"HOME", "/nonexistent"}};
  for (const char* name : tool_variables)
    if (const char* value = std::getenv(name)) values[name] = value;
  for (const auto& [name, value] : call.environment)
    values[name] = value;
  add_sockets(call, values);
  std::vector<std::string> texts;
  for (const auto& [name, value] : values)
    texts.push_back(name + "=" + value);
  return texts;
}

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(std::strerror(errno));
    // A daemon talks on while its test does something else, and would wait for the reader.
    static_cast<void>(::fcntl(ends[1], F_SETPIPE_SZ, bytes_max));
  }
  [[nodiscard]] std::string device_and_inode() const {
    struct stat facts {};
    if (::fstat(ends[1], &facts) != 0) fail(std::strerror(errno));
    return std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
  }
  static constexpr int bytes_max = 1024 * 1024;  // what an ordinary user may have
  std::array<int, 2> ends{-1, -1};
};

}  // namespace

Program::Program(const ProgramCall& call)
    : deadline_(std::chrono::steady_clock::now() + time_factor * call.timeout) {
  // Writing to one that has ended is no reason to end the tests.
  std::signal(SIGPIPE, SIG_IGN);
  auto words = call.arguments;
  const std::string program =
      call.program.starts_with('/') ? call.program : DEVY_PROGRAM_FOLDER "/" + call.program;
  words.insert(words.begin(), program);
  const auto sockets = copy_upwards(call.sockets);
  auto variables = environment_of(call);
  const Pipe in, out, err;
  if (call.is_below_journal) variables.push_back("JOURNAL_STREAM=" + err.device_and_inode());
  const auto argv = pointers(words), envp = pointers(variables);
  winsize size{.ws_row = 24, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  pid_ = call.has_terminal ? ::forkpty(&terminal, nullptr, nullptr, &size) : ::fork();
  if (pid_ < 0) fail(std::strerror(errno));
  if (pid_ == 0) {
    if (!call.has_terminal) {
      ::dup2(in.ends[0], STDIN_FILENO);
      ::dup2(out.ends[1], STDOUT_FILENO);
      ::dup2(err.ends[1], STDERR_FILENO);
    }
    if (!call.messages_to.empty())
      ::dup2(::open(call.messages_to.c_str(), O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    std::signal(SIGPIPE, SIG_DFL);
    inherit_sockets(sockets, envp);
    if (::chdir(call.directory.c_str()) == 0) ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  for (const int end : {in.ends[0], out.ends[1], err.ends[1]})
    ::close(end);
  for (const int socket : sockets)
    ::close(socket);
  if (call.has_terminal) {
    for (const int end : {in.ends[1], out.ends[0], err.ends[0]})
      ::close(end);
    input_ = output_ = terminal;
  } else {
    input_ = in.ends[1];
    output_ = out.ends[0];
    error_ = err.ends[0];
  }
  if (!call.input.empty()) write(call.input);
  if (!call.has_terminal) ::close(std::exchange(input_, -1));
}

Program::~Program() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (input_ == output_) input_ = -1;
  for (const int end : {input_, output_, error_})
    if (end >= 0) ::close(end);
}

void Program::send_signal(int number) const {
  ::kill(pid_, number);
}

void Program::write(const std::string& text) const {
  const auto written = ::write(input_, text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) fail("it takes no input");
}

int Program::remaining_ms() const {
  using std::chrono::milliseconds;
  const auto left =
      std::chrono::duration_cast<milliseconds>(deadline_ - std::chrono::steady_clock::now());
  if (left.count() <= 0)
    fail("its time is up; so far it said: " + result_.out + "\n" + result_.err);
  return static_cast<int>(left.count());
}

void Program::read_from(int& descriptor, std::string& target) {
  std::array<char, 65'536> buffer{};
  const auto got = ::read(descriptor, buffer.data(), buffer.size());
  if (got > 0) {
    target.append(buffer.data(), static_cast<std::size_t>(got));
    return;
  }
  // A terminal whose last user has gone says EIO.
  if (descriptor == input_) input_ = -1;
  ::close(std::exchange(descriptor, -1));
}

bool Program::read_some() {
  std::array<pollfd, 2> ends{pollfd{output_, POLLIN, 0}, pollfd{error_, POLLIN, 0}};
  if (output_ < 0 && error_ < 0) return false;
  if (::poll(ends.data(), ends.size(), remaining_ms()) <= 0) return true;
  if (ends[0].revents != 0) read_from(output_, result_.out);
  if (ends[1].revents != 0) read_from(error_, result_.err);
  return true;
}

void Program::wait_for(const std::string& text, int times) {
  const auto count = [&](const std::string& output) {
    int found = 0;
    for (auto at = output.find(text); at != std::string::npos; at = output.find(text, at + 1))
      ++found;
    return found;
  };
  while (count(result_.out) + count(result_.err) < times)
    if (!read_some())
      fail("it ended without saying '" + text + "': " + result_.out + "\n" + result_.err);
}

void Program::close_output() {
  ::close(std::exchange(output_, -1));
}

void Program::close_messages() {
  ::close(std::exchange(error_, -1));
}

ProgramResult Program::wait() {
  while (read_some()) {
  }
  constexpr int look_every_us = 1'000;
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    static_cast<void>(remaining_ms());
    ::usleep(look_every_us);
  }
  pid_ = -1;
  result_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result_;
}

ProgramResult run_program(const ProgramCall& call) {
  return Program(call).wait();
}

}  // namespace devy::testing
