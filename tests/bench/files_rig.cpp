#include "tests/bench/files_rig.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/platform/http/server/server.hpp"

namespace devy::bench {
namespace {

std::string with_user(const testing::GithubState& github) {
  github.control(std::string(R"([{"do": "create_user", "login": "alice"},
      {"do": "token", "token": ")") +
                 FilesRig::token + R"(", "user": "alice", "scopes": []}])");
  return server::address_of(server::bind_socket("127.0.0.1:0").get());
}

}  // namespace

FilesRig::FilesRig()
    : address_(with_user(github_)), daemon_({.toml = toml(), .web_address = address_}) {
  daemon_.devy({"file", "init"});
  daemon_.start_daemon();
  std::filesystem::create_directories(folder_ / "tus");
  tus_ = std::make_unique<ServerProcess>(std::vector<std::string>{
      "/usr/bin/node", DEVY_PEERS_FOLDER "/tus_server.mjs", folder_ / "tus"});
  start_nginx();
}

// Limits of how much one owner sends are not what is measured.
std::string FilesRig::toml() const {
  return "[reconcile]\nevery = 0\n[verify]\nevery = 0\n[github]\napi_url = \"" + github_.url() +
         "\"\n[api]\naccount_requests_per_minute = 0\n[files]\nenabled = true\ndirectory = \"" +
         files_folder() +
         "\"\nfree_bytes_min = \"0B\"\nfile_bytes_max = \"8GiB\"\nrequest_bytes_max = \"8GiB\"\n"
         "owner_bytes_max = \"1024GiB\"\nowner_files_max = 1000000\nowner_streams_max = 2000\n"
         "streams_max = 2000\ncreations_per_minute = 1000000\ncleanup_every = 0\nscrub_rate = 0\n";
}

void FilesRig::start_nginx() {
  std::filesystem::create_directories(nginx_folder());
  const auto port = free_port();
  nginx_address_ = "127.0.0.1:" + std::to_string(port);
  std::ofstream(folder_ / "nginx/conf")
      << "user root;\ndaemon off;\nworker_processes auto;\npid " << folder_ / "nginx/pid"
      << ";\nevents {}\nhttp { access_log off; keepalive_requests 100000; sendfile on; "
         "client_max_body_size 0; client_body_temp_path "
      << folder_ / "nginx/body"
      << "; server { listen " << nginx_address_ << "; root " << nginx_folder()
      << "; dav_methods PUT; } }\n";
  nginx_ = std::make_unique<ServerProcess>(
      std::vector<std::string>{"/usr/sbin/nginx", "-e", folder_ / "nginx/error.log", "-p",
                               folder_ / "nginx", "-c", folder_ / "nginx/conf"},
      ServerProcess::Greeting::is_silent);
  await_port(port);
}

pid_t FilesRig::web_process() const {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream status(entry.path() / "status"), words(entry.path() / "cmdline");
    std::string line, command;
    std::getline(words, command);
    while (std::getline(status, line))
      if (line == "PPid:\t" + std::to_string(daemon_.daemon_pid()) &&
          command.find("web") != std::string::npos)
        return std::stoi(entry.path().filename());
  }
  throw std::runtime_error("no process serves");
}

double FilesRig::memory(const char* name) const {
  std::ifstream status("/proc/" + std::to_string(web_process()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(name)) return std::stod(line.substr(line.find(':') + 1)) / 1024;
  throw std::runtime_error("the process that serves has gone");
}

double FilesRig::memory_now() const {
  return memory("VmRSS");
}

double FilesRig::memory_peak() const {
  return memory("VmHWM");
}

}  // namespace devy::bench
