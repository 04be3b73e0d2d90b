// git-http-server <root> [--port N] [--fault NAME[=VALUE]]…: the tests' git server as a program,
// for scripts. Prints its address, then reads commands, a line each: a fault's name, `none`, or
// `counters`. Ends at end of input, or on SIGTERM and SIGINT when stdin is no pipe of ours.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <string>
#include <vector>

#include "tests/support/git/git_http_server.hpp"

namespace {

using devy::testing::GitHttpServer;

void obey(GitHttpServer& server, const std::string& line) {
  if (line == "counters") {
    const auto counters = server.counters();
    std::cout << "requests=" << counters.requests << " info_refs=" << counters.info_refs
              << " upload_packs=" << counters.upload_packs
              << " receive_packs=" << counters.receive_packs << std::endl;
    return;
  }
  bool is_known = false;
  server.misbehave([&](auto& faults) { is_known = devy::testing::apply_fault(faults, line); });
  std::cout << (is_known ? "ok" : "unknown command") << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  std::string root;
  devy::testing::ServerOptions options;
  std::vector<std::string> faults;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--port" && has_value) {
      const auto& text = arguments[++i];
      std::from_chars(text.data(), text.data() + text.size(), options.port);
    } else if (arguments[i] == "--fault" && has_value) {
      faults.push_back(arguments[++i]);
    } else {
      root = arguments[i];
    }
  }
  if (root.empty()) {
    std::cerr << "usage: git-http-server <root> [--port N] [--fault NAME[=VALUE]]...\n";
    return 2;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  GitHttpServer server(root, options);
  for (const auto& fault : faults)
    server.misbehave(
        [&](auto& state) { static_cast<void>(devy::testing::apply_fault(state, fault)); });
  std::cout << server.url() << std::endl;
  if (isatty(STDIN_FILENO) == 0) {
    pthread_sigmask(SIG_UNBLOCK, &ends, nullptr);
    // Started in the background of a script, stdin is /dev/null: then only a signal ends it.
    bool has_commands = false;
    for (std::string line; std::getline(std::cin, line); has_commands = true)
      obey(server, line);
    if (has_commands) return 0;
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  }
  int number = 0;
  sigwait(&ends, &number);
  return 0;
}
