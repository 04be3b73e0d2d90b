#include "tests/support/process/node_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "core/platform/http/httplib_transport.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

constexpr int start_ms_max = 20'000;  // node starts in 0.1 s, on a machine that builds in seconds
// The whole state of some ten thousand issues.
constexpr std::uint64_t answer_bytes_max = std::uint64_t{512} * 1024 * 1024;

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw std::runtime_error(std::string("unable to make a pipe: ") + std::strerror(errno));
  }
  std::array<int, 2> ends{-1, -1};
};

// The child's stdin and stdout are the pipes' other ends; what it complains of is the test's
// stderr.
pid_t spawn(std::vector<std::string> words, int input, int output) {
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, "node", &actions, nullptr, arguments.data(), ::environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw std::runtime_error(std::string("unable to start node: ") + std::strerror(error));
  return pid;
}

std::string first_line(int descriptor) {
  std::string line;
  while (line.find('\n') == std::string::npos) {
    pollfd ready{descriptor, POLLIN, 0};
    std::array<char, 256> chunk{};
    if (::poll(&ready, 1, time_factor * start_ms_max) <= 0) break;
    const auto count = ::read(descriptor, chunk.data(), chunk.size());
    if (count <= 0) break;
    line.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return line;
}

}  // namespace

NodeServer::NodeServer(std::string name, std::vector<std::string> words) : name_(std::move(name)) {
  words.insert(words.begin(), "node");
  const Pipe input, output;
  pid_ = spawn(std::move(words), input.ends[0], output.ends[1]);
  input_ = input.ends[1];
  ::close(input.ends[0]);
  ::close(output.ends[1]);
  const auto line = first_line(output.ends[0]);
  ::close(output.ends[0]);
  const auto told = nlohmann::json::parse(line, nullptr, false);
  if (told.is_object()) url_ = told.value("url", "");
}

NodeServer::~NodeServer() {
  ::close(input_);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::string NodeServer::ask(const char* method, const char* path, std::string body) const {
  if (url_.empty()) throw std::runtime_error(name_ + " did not start");
  http::TransportOptions options;
  options.body_bytes_max = answer_bytes_max;
  const auto transport = http::make_httplib_transport(options);
  const auto response = transport->send({method, url_ + path, {}, std::move(body)});
  if (response.status != 200)
    throw std::runtime_error("unable to control " + name_ + ": " + response.body);
  return response.body;
}

}  // namespace devy::testing
