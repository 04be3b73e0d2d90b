#include "tests/support/s3/swift.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>

#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

constexpr int start_ms_max = 60'000;  // it starts in a second, on a machine that builds in some

std::string read_line(int descriptor) {
  std::string line;
  while (line.find('\n') == std::string::npos) {
    pollfd ready{descriptor, POLLIN, 0};
    std::array<char, 256> chunk{};
    if (::poll(&ready, 1, time_factor * start_ms_max) <= 0) break;
    const auto count = ::read(descriptor, chunk.data(), chunk.size());
    if (count <= 0) break;
    line.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return line.substr(0, line.find('\n'));
}

}  // namespace

Swift::Swift() {
  std::array<int, 2> input{-1, -1}, output{-1, -1};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("unable to make a pipe");
  std::string program = "/usr/bin/python3", script = DEVY_SWIFT_SERVER;
  auto folder = folder_ / "swift";
  ::mkdir(folder.c_str(), 0755);
  // Swift gives up root's rights, and has to come to its folder nevertheless.
  ::chmod(folder_.path().c_str(), 0755);
  std::array<char*, 4> arguments{program.data(), script.data(), folder.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  const int error =
      posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), ::environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  if (error == 0) url_ = read_line(output[0]);
  ::close(output[0]);
  if (!url_.starts_with("http://"))
    throw std::runtime_error("Swift did not start; scripts/install-deps installs python3-swift");
  write_credentials(folder_ / "credentials");
}

Swift::~Swift() {
  ::close(input_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

const Swift& Swift::shared() {
  static const Swift swift;
  return swift;
}

config::FilesS3 Swift::settings() const {
  static std::atomic<int> count{0};
  config::FilesS3 settings;
  settings.endpoint = url_;
  settings.bucket = "devy";
  settings.prefix = "t" + std::to_string(++count) + "/";
  settings.credentials_file = folder_ / "credentials";
  return settings;
}

void write_credentials(const std::string& path, const std::string& access_key,
                       const std::string& secret_key) {
  write_text(path, "[default]\naws_access_key_id = " + access_key +
                       "\naws_secret_access_key=" + secret_key + "\n");
  ::chmod(path.c_str(), 0600);
}

}  // namespace devy::testing
