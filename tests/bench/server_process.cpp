#include "tests/bench/server_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/platform/base/descriptor.hpp"

namespace devy::bench {
namespace {

constexpr int port_tries_max = 500;
constexpr int try_interval_ms = 20;

sockaddr_in loopback(int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  return where;
}

base::Descriptor new_socket() {
  return base::Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

// The numbers of /proc/PID/stat behind the name, which may hold anything; empty once it has gone.
std::vector<long long> numbers_of(const std::filesystem::path& process) {
  std::ifstream file(process / "stat");
  std::string line;
  std::getline(file, line);
  const auto end = line.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream words(line.substr(end + 3));
  std::vector<long long> numbers;
  for (long long number = 0; words >> number;)
    numbers.push_back(number);
  return numbers;
}

// Places in those numbers, by proc(5).
constexpr std::size_t parent_place = 0, own_place = 10, children_place = 12;
constexpr std::size_t numbers_min = children_place + 2;

}  // namespace

ServerProcess::ServerProcess(std::vector<std::string> arguments, Greeting greeting) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> words;
  for (auto& argument : arguments)
    words.push_back(argument.data());
  words.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  char c = 0;
  while (greeting == Greeting::says_where && ::read(pipe[0], &c, 1) == 1 && c != '\n')
    said_ += c;
  ::close(pipe[0]);
  if (greeting == Greeting::says_where && said_.empty())
    throw std::runtime_error("unable to start " + arguments[0]);
}

ServerProcess::~ServerProcess() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

int free_port() {
  const auto socket = new_socket();
  auto where = loopback(0);
  socklen_t length = sizeof where;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), length) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&where), &length) != 0)
    throw std::runtime_error("no free port");
  return ntohs(where.sin_port);
}

void await_port(int port) {
  const auto where = loopback(port);
  for (int i = 0; i < port_tries_max; ++i) {
    const auto socket = new_socket();
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0)
      return;
    ::poll(nullptr, 0, try_interval_ms);
  }
  throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

double processor_seconds(pid_t pid, Children children) {
  const std::filesystem::path processes("/proc");
  long long ticks = 0;
  const auto add = [&](const std::vector<long long>& numbers) {
    for (std::size_t place = own_place; place < numbers_min; ++place)
      ticks += numbers[place];
  };
  const auto own = numbers_of(processes / std::to_string(pid));
  if (own.size() < numbers_min) throw std::runtime_error("a process has gone");
  add(own);
  if (children == Children::living_too)
    for (const auto& entry : std::filesystem::directory_iterator(processes)) {
      const auto numbers = numbers_of(entry.path());
      if (numbers.size() >= numbers_min && numbers[parent_place] == pid) add(numbers);
    }
  return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace devy::bench
