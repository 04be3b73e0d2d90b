// Finding the private cluster: what its folders say, what its socket answers. Starts nothing.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <sstream>

#include "core/platform/base/conninfo_quoted.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/cluster/files.hpp"

namespace devy::cluster {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

ClusterPaths below(const std::string& base, const std::string& socket_directory) {
  const std::string data = base + "/data";
  return {data, socket_directory.empty() ? base + "/socket" : socket_directory,
          data + "/server.log"};
}

// A short name for a folder, the same one every time; a socket's path has little room.
std::string key_of(const std::string& folder) {
  constexpr std::size_t key_bytes = 8;
  const auto digest = base::sha256(fs::path(folder).lexically_normal().string());
  return base::to_hex(std::span(digest).first<key_bytes>());
}

// PostgreSQL does not run as root, and its user may not enter root's home: the cluster is only
// named after it. Both folders are apart from those of the unit, /var/lib/devy-upload and
// /run/devy-upload, whose owner and life the service manager decides.
ClusterPaths paths_of_root() {
  constexpr const char* usual_home = "/root";
  const auto home = variable("HOME");
  const auto name = home.empty() || home == usual_home ? "root" : key_of(home);
  std::error_code ignored;
  return below("/var/lib/devy-upload-cluster/" + name,
               fs::is_directory("/run", ignored) ? "/run/devy-upload-cluster/" + name : "");
}

bool answers(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() > socket_path_bytes_max) return false;
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return false;
  const int result =
      connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  // EAGAIN: its queue of connections is full, so it is there.
  const bool is_there = result == 0 || errno == EAGAIN;
  close(descriptor);
  return is_there;
}

// Nothing when the folder is not there, or is this user's own. Root may use everybody's.
std::optional<std::string> foreign_owner(const std::string& folder) {
  if (geteuid() == 0) return std::nullopt;
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) {
    if (errno != EACCES) return std::nullopt;
    return "this user may not enter the folder";
  }
  if (status.st_uid == geteuid()) return std::nullopt;
  return "it belongs to user " + std::to_string(status.st_uid);
}

bool has_files(const std::string& folder) {
  std::error_code ignored;
  const fs::directory_iterator first(folder, ignored);
  return !ignored && first != fs::directory_iterator();
}

// Tells what is wrong with a folder of data that has no PG_VERSION.
std::string fault_of_incomplete(const ClusterPaths& paths) {
  if (has_files(paths.data_directory))
    return "its file PG_VERSION is gone, without which PostgreSQL does not know it";
  if (::access(paths.data_directory.c_str(), F_OK) != 0 &&
      answers(socket_path(paths.socket_directory)))
    return "a server still answers at its socket, but the folder of its data is gone";
  return {};
}

}  // namespace

void refuse_foreign(const ClusterPaths& paths) {
  const auto owner = foreign_owner(paths.data_directory);
  if (!owner) return;
  throw base::Error(
      base::ErrorKind::denied,
      "unable to use the private PostgreSQL in '" + paths.data_directory + "': " + *owner,
      "Run the command as the user who started it, or name a server with --db or "
      "DEVY_DB.",
      "database_foreign");
}

std::string read_small_file(const std::string& path) {
  std::string text(small_file_bytes_max, '\0');
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return {};
  const ssize_t count = read(descriptor, text.data(), text.size());
  close(descriptor);
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return text;
}

std::string socket_path(const std::string& directory) {
  return directory + "/.s.PGSQL." + cluster_port;
}

// Lines of postmaster.pid: pid, data folder, start time, port, socket folder, …
std::optional<Postmaster> read_postmaster(const std::string& data_directory) {
  std::istringstream lines(read_small_file(data_directory + "/postmaster.pid"));
  Postmaster found;
  std::string pid, skipped, port;
  std::getline(lines, pid);
  std::getline(lines, skipped);
  std::getline(lines, skipped);
  std::getline(lines, port);
  std::getline(lines, found.socket_directory);
  // A stand-alone backend writes a negative number.
  found.pid = static_cast<pid_t>(std::strtol(pid.c_str(), nullptr, 10));
  if (found.pid <= 1) return std::nullopt;
  // The socket's own lock file names the same process unless another server took the folder over.
  const auto lock = read_small_file(socket_path(found.socket_directory) + ".lock");
  found.is_answering = !found.socket_directory.empty() &&
                       std::strtol(lock.c_str(), nullptr, 10) == found.pid &&
                       answers(socket_path(found.socket_directory));
  return found;
}

// PostgreSQL refuses to start while a process with the pid in its lock file exists, even when a
// restart of the machine gave that number to another process, or when it is a zombie that was not
// reaped.
bool is_stale(const Postmaster& postmaster, const std::string& data_directory) {
  if (postmaster.is_answering) return false;
  if (kill(postmaster.pid, 0) != 0 && errno == ESRCH) return true;
  const std::string file = "/proc/" + std::to_string(postmaster.pid) + "/cmdline";
  if (access(file.c_str(), R_OK) != 0) return false;  // cannot tell: PostgreSQL decides
  const auto command = read_small_file(file);
  return command.find(data_directory + '\0') == std::string::npos;
}

std::string conninfo_of(const std::string& socket_directory) {
  return "host=" + base::conninfo_quoted(socket_directory) + " port=" + cluster_port +
         " user=" + cluster_role + " dbname=" + cluster_database;
}

ClusterPaths default_cluster_paths() {
  if (const auto base = variable("DEVY_CLUSTER_DIRECTORY"); !base.empty())
    return below(fs::absolute(base).lexically_normal().string(), {});
  std::error_code ignored;
  if (geteuid() == 0) return paths_of_root();
  auto base = variable("XDG_DATA_HOME");
  if (base.empty() && !variable("HOME").empty()) base = variable("HOME") + "/.local/share";
  if (base.empty())
    throw base::Error(base::ErrorKind::config,
                      "unable to place the private PostgreSQL: HOME is not set",
                      "Set HOME, XDG_DATA_HOME or DEVY_CLUSTER_DIRECTORY.");
  const auto runtime = variable("XDG_RUNTIME_DIR");
  const bool has_runtime = !runtime.empty() && fs::is_directory(runtime, ignored);
  base += "/devy-upload/postgresql";
  return below(base, has_runtime ? runtime + "/devy-upload-cluster/" + key_of(base) : "");
}

std::optional<std::string> find_running_cluster(const ClusterPaths& paths) {
  refuse_foreign(paths);
  const auto postmaster = read_postmaster(paths.data_directory);
  if (!postmaster || !postmaster->is_answering) return std::nullopt;
  return conninfo_of(postmaster->socket_directory);
}

ClusterStatus cluster_status(const ClusterPaths& paths) {
  ClusterStatus status;
  status.version = read_small_file(paths.data_directory + "/PG_VERSION");
  while (!status.version.empty() && status.version.back() == '\n')
    status.version.pop_back();
  status.is_initialised = !status.version.empty();
  if (const auto owner = foreign_owner(paths.data_directory)) status.fault = *owner;
  else if (!status.is_initialised) status.fault = fault_of_incomplete(paths);
  const auto postmaster = read_postmaster(paths.data_directory);
  if (!postmaster || is_stale(*postmaster, paths.data_directory)) return status;
  status.pid = postmaster->pid;
  status.is_running = postmaster->is_answering;
  if (status.is_running) status.conninfo = conninfo_of(postmaster->socket_directory);
  return status;
}

}  // namespace devy::cluster
