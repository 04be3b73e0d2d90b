#include "tests/support/http/nginx.hpp"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/http/raw_http.hpp"

namespace devy::testing {
namespace {

constexpr int looks_max = 500;
constexpr int look_ms = 20;

// As it is shipped, but for where it listens, the names that everybody puts in, and TLS, which ends
// before anything of this is read.
std::string site(const std::string& upstream_socket, const std::string& address,
                 const std::string& objects) {
  std::ifstream file(DEVY_NGINX_SITE);
  std::stringstream shipped;
  shipped << file.rdbuf();
  auto text = shipped.str();
  if (text.empty()) throw std::runtime_error("the shipped site is not there");
  text = std::regex_replace(text, std::regex("unix:[^;]*;"), "unix:" + upstream_socket + ";");
  text = std::regex_replace(text, std::regex("alias [^;]*;"), "alias " + objects + ";");
  text = std::regex_replace(text, std::regex("listen 443 ssl http2;"), "listen " + address + ";");
  return std::regex_replace(text, std::regex("\n *(listen \\[::\\]:443|ssl_)[^\n]*"), "");
}

}  // namespace

Nginx::Nginx(const std::string& upstream_socket, std::string address, const std::string& objects)
    : address_(std::move(address)) {
  const auto base = folder_.path();
  std::ofstream file(base + "/nginx.conf");
  if (geteuid() == 0) file << "user root;\n";
  file << "daemon off;\nworker_processes 1;\npid " << base << "/pid;\nerror_log " << base
       << "/error.log;\nevents { worker_connections 2048; }\nhttp {\naccess_log off;\n";
  for (const auto* name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
    file << name << "_temp_path " << base << "/" << name << ";\n";
  file << site(upstream_socket, address_, objects) << "}\n";
  file.close();
  std::vector<std::string> words{"nginx", "-e", base + "/error.log", "-p",
                                 base,    "-c", base + "/nginx.conf"};
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/sbin:/usr/bin:/bin";
  char* environment[] = {path.data(), nullptr};
  if (posix_spawn(&pid_, "/usr/sbin/nginx", nullptr, nullptr, arguments.data(), environment) != 0)
    throw std::runtime_error("unable to start nginx; scripts/install-deps installs it");
  wait_until_it_listens();
}

// A fast stop: the master ends its worker, too.
Nginx::~Nginx() {
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

void Nginx::wait_until_it_listens() const {
  for (int n = 0; n < looks_max; ++n) {
    try {
      const RawConnection connection(address_);
      return;
    } catch (const std::runtime_error&) {
      poll(nullptr, 0, look_ms);
    }
  }
  throw std::runtime_error("nginx does not listen on " + address_);
}

}  // namespace devy::testing
