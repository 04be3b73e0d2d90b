#include "tests/support/postgres/pgbouncer.hpp"

#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "core/platform/base/descriptor.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::testing {
namespace {

constexpr int looks_max = 500;
constexpr int look_ms = 20;

// Whoever the cluster runs as may log in to it, and pgbouncer refuses to be root.
std::string cluster_user() {
  struct stat data {};
  if (stat(postgres().paths().data_directory.c_str(), &data) != 0) return "postgres";
  const passwd* user = getpwuid(data.st_uid);
  return user != nullptr ? user->pw_name : "postgres";
}

}  // namespace

PgBouncer::PgBouncer() {
  const auto base = folder_.path().string();
  const auto file = base + "/pgbouncer.ini";
  std::filesystem::create_directory(base + "/socket");
  chmod((base + "/socket").c_str(), 0777);
  std::ofstream(file) << "[databases]\n* = host=" << postgres().paths().socket_directory
                      << " port=5432 user=devy\n[pgbouncer]\nauth_type = any\n"
                         "pool_mode = transaction\ndefault_pool_size = 2\nlisten_port = 6432\n"
                         "unix_socket_mode = 0777\nunix_socket_dir = "
                      << base << "/socket\n";
  chmod(file.c_str(), 0644);
  std::vector<std::string> words{"pgbouncer", "-q"};
  if (geteuid() == 0) words.insert(words.end(), {"-u", cluster_user()});
  words.push_back(file);
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/sbin:/usr/bin:/bin";
  char* environment[] = {path.data(), nullptr};
  if (posix_spawn(&pid_, "/usr/sbin/pgbouncer", nullptr, nullptr, arguments.data(), environment) !=
      0)
    throw std::runtime_error("unable to start pgbouncer; scripts/install-deps installs it");
  wait_until_it_listens();
}

PgBouncer::~PgBouncer() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

// The socket's file is there a moment before anybody listens.
void PgBouncer::wait_until_it_listens() const {
  const auto path = (folder_.path() / "socket/.s.PGSQL.6432").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  for (int n = 0; n < looks_max; ++n) {
    const base::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      return;
    poll(nullptr, 0, look_ms);
  }
  throw std::runtime_error("pgbouncer does not listen");
}

std::string PgBouncer::conninfo(std::string_view database) const {
  return "host=" + (folder_.path() / "socket").string() +
         " port=6432 user=devy dbname=" + std::string(database);
}

}  // namespace devy::testing
