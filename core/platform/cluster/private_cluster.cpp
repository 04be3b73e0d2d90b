#include "core/platform/cluster/private_cluster.hpp"

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/shell_quoted.hpp"
#include "core/platform/cluster/files.hpp"
#include "core/platform/cluster/init.hpp"
#include "core/platform/cluster/programs.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

namespace devy::cluster {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr milliseconds lock_interval{50};
constexpr std::chrono::seconds lock_timeout{150};  // another process's initdb and start
constexpr std::chrono::seconds tail_timeout{5};
constexpr const char* log_lines_shown = "6";  // FATAL, DETAIL, HINT and what led to it
constexpr const char* log_lines_skipped = "LOG:  \\(starting\\|listening\\|database system\\)";
constexpr std::uintmax_t log_bytes_max =
    std::uintmax_t{16} * 1024 * 1024;  // then one old copy is kept

// Held while the cluster is made, started or stopped. Released with the object or the process.
class ClusterLock {
 public:
  explicit ClusterLock(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (descriptor_ < 0) fail(path, std::generic_category().message(errno));
    const auto& clock = base::system_clock();
    const auto deadline = clock.monotonic_now() + lock_timeout;
    while (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      if (clock.monotonic_now() > deadline) {
        close(descriptor_);
        fail(path, "another process holds it");
      }
      usleep(std::chrono::microseconds(lock_interval).count());
    }
  }
  ClusterLock(const ClusterLock&) = delete;
  ClusterLock& operator=(const ClusterLock&) = delete;
  ~ClusterLock() { close(descriptor_); }

 private:
  [[noreturn]] static void fail(const std::string& path, const std::string& cause) {
    throw Error(ErrorKind::unavailable, "unable to lock '" + path + "': " + cause,
                "Wait for the other command, or check the folder's owner.", "database_locked");
  }
  int descriptor_;
};

std::string lock_path(const ClusterPaths& paths) {
  return paths.data_directory + ".lock";
}

void check_socket_length(const ClusterPaths& paths) {
  const auto bytes = socket_path(paths.socket_directory).size();
  if (bytes <= socket_path_bytes_max) return;
  throw Error(ErrorKind::config,
              "unable to put a socket into '" + paths.socket_directory + "': its path has " +
                  std::to_string(bytes) + " bytes, at most " +
                  std::to_string(socket_path_bytes_max) + " are possible",
              "Set DEVY_CLUSTER_DIRECTORY to a folder with a shorter path.");
}

// The setting is a list, in which a comma or a quote needs a quoted entry.
std::string list_entry(const std::string& path) {
  std::string entry = "\"";
  for (const char c : path)
    entry += c == '"' ? std::string("\"\"") : std::string(1, c);
  return entry + "\"";
}

std::string server_options(const ClusterPaths& paths, const ClusterOptions& options) {
  std::string text =
      "-c unix_socket_directories=" + base::shell_quoted(list_entry(paths.socket_directory));
  // synchronous_commit stays on: what a test committed has to survive a crash of the server. Tests
  // open many sessions, and each that calls a function would load plpgsql for itself.
  if (options.is_throwaway)
    text +=
        " -c fsync=off -c full_page_writes=off -c autovacuum=off"
        " -c checkpoint_timeout=1h -c max_wal_size=4GB -c shared_preload_libraries=plpgsql";
  return text;
}

std::uintmax_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = fs::file_size(path, missing);
  return missing ? 0 : size;
}

// Returns what the server has logged since `offset`, its last lines joined: the reason why a start
// failed.
std::string log_tail(const ServerUser& user, const std::string& log, std::uintmax_t offset) {
  const auto result =
      run_program(user,
                  {"/bin/sh", "-c", R"(tail -c "+$1" -- "$2" | grep -v "$4" | tail -n "$3")", "sh",
                   std::to_string(offset + 1), log, log_lines_shown, log_lines_skipped},
                  tail_timeout);
  return joined_lines(result.output);
}

void rotate_log(const std::string& log) {
  std::error_code ignored;
  if (size_of(log) > log_bytes_max) fs::rename(log, log + ".old", ignored);
}

void start_server(const ClusterPaths& paths, const ClusterOptions& options,
                  const ServerUser& user) {
  const auto major = cluster_status(paths).version;
  rotate_log(paths.log_file);
  const auto log_size = size_of(paths.log_file);
  const auto seconds = std::to_string(cluster_start_timeout.count());
  const auto result = run_program(
      user,
      {find_binaries(major) + "/pg_ctl", "start", "-w", "-s", "-t", seconds, "-D",
       paths.data_directory, "-l", paths.log_file, "-o", server_options(paths, options)},
      cluster_start_timeout + std::chrono::seconds(5));
  if (result.exit_status == 0) return;
  auto cause = log_tail(user, paths.log_file, log_size);
  if (cause.empty()) cause = joined_lines(result.output);
  throw Error(ErrorKind::unavailable,
              "unable to start the private PostgreSQL in '" + paths.data_directory + "': " + cause,
              "Read '" + paths.log_file + "' for what happened before.", "database_start_failed");
}

// A server that exists but does not respond is left alone: it may still be recovering.
void clear_stale_pid(const ClusterPaths& paths) {
  const auto postmaster = read_postmaster(paths.data_directory);
  if (!postmaster) return;
  if (is_stale(*postmaster, paths.data_directory)) {
    std::error_code ignored;
    fs::remove(paths.data_directory + "/postmaster.pid", ignored);
    return;
  }
  throw Error(ErrorKind::unavailable,
              "unable to start the private PostgreSQL in '" + paths.data_directory + "': process " +
                  std::to_string(postmaster->pid) + " runs there and does not answer on its socket",
              "Wait if it is recovering, else run `devy-upload db stop` and start it again.",
              "database_unreachable");
}

// A new cluster is made where there is nothing, never over what may still be somebody's data.
void refuse_incomplete(const ClusterPaths& paths) {
  const auto fault = cluster_status(paths).fault;
  if (fault.empty()) return;
  throw Error(ErrorKind::unavailable,
              "unable to start the private PostgreSQL in '" + paths.data_directory + "': " + fault,
              "Restore the folder from a backup. To begin with an empty database instead, end what "
              "still runs there, move the folder away, and run `devy-upload db start` again.",
              "database_incomplete");
}

}  // namespace

std::string start_cluster(const ClusterPaths& paths, const ClusterOptions& options) {
  if (auto running = find_running_cluster(paths)) return *running;
  check_socket_length(paths);
  const auto user = server_user(paths.data_directory);
  make_base_directory(fs::path(paths.data_directory).parent_path().string(), user);
  const ClusterLock lock(lock_path(paths));
  if (auto running = find_running_cluster(paths)) return *running;
  refuse_incomplete(paths);
  if (!cluster_status(paths).is_initialised) init_cluster(paths, options, user);
  make_private_directory(paths.socket_directory, user);
  clear_stale_pid(paths);
  start_server(paths, options, user);
  return conninfo_of(paths.socket_directory);
}

bool stop_cluster(const ClusterPaths& paths, StopMode mode) {
  refuse_foreign(paths);
  if (cluster_status(paths).pid == 0) return false;
  const auto user = server_user(paths.data_directory);
  const ClusterLock lock(lock_path(paths));
  const auto status = cluster_status(paths);
  if (status.pid == 0) return false;
  const auto seconds = std::to_string(cluster_stop_timeout.count());
  const auto result =
      run_program(user,
                  {find_binaries(status.version) + "/pg_ctl", "stop", "-w", "-s", "-t", seconds,
                   "-m", mode == StopMode::fast ? "fast" : "immediate", "-D", paths.data_directory},
                  cluster_stop_timeout + std::chrono::seconds(5));
  if (result.exit_status == 0) return true;
  throw Error(ErrorKind::unavailable,
              "unable to stop the private PostgreSQL in '" + paths.data_directory +
                  "': " + joined_lines(result.output),
              "Read '" + paths.log_file + "', and end process " + std::to_string(status.pid) +
                  " if it hangs.",
              "database_stop_failed");
}

}  // namespace devy::cluster
