#pragma once
// A private PostgreSQL server of this user: creates, starts, stops and finds it through the
// installed PostgreSQL programs. It is no client: it runs none of our SQL and does not use libpq.
//
// The server listens on one Unix socket in a folder that only its owner (and root) may enter, and
// relies on the operating system to identify who connects: no password, no TCP. PostgreSQL refuses
// to run as root, so root starts it as the `postgres` user (or `nobody`); root still connects as
// role `devy`.
//
// Everything is found from the data folder alone (postmaster.pid names the socket), so a later
// command with another environment finds the same server. Stateless functions; any thread. A lock
// file serialises two processes that start one cluster at once. All functions throw base::Error:
// unavailable (code database_…) when the server cannot run, config for an invalid path.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace devy::cluster {

struct ClusterPaths {
  std::string data_directory;  // PostgreSQL's own; its parent is created when missing
  // + "/.s.PGSQL.5432" must fit into the 107 bytes of a socket address.
  std::string socket_directory;
  std::string log_file;  // written by the server itself
};

struct ClusterOptions {
  // Disables fsync everywhere, for a test's cluster that need not survive a crash of the machine.
  // It must be given at each start.
  bool is_throwaway = false;
};

struct ClusterStatus {
  bool is_initialised = false;  // the data folder is complete
  bool is_running = false;      // its socket accepts connections
  pid_t pid = 0;                // process id of the server; 0 when there is none
  std::string conninfo;         // empty unless the server runs
  std::string version;          // major version of the data folder: "15"
  // Why the folder cannot be used as it is: it belongs to another user, or parts of it are gone.
  // Empty: nothing is known against it.
  std::string fault;
};

// `fast` rolls back open transactions and writes everything; `immediate` is a deliberate crash.
enum class StopMode { fast, immediate };

inline constexpr std::chrono::seconds cluster_init_timeout{120};  // initdb fsyncs; disks are slow
inline constexpr std::chrono::seconds cluster_start_timeout{60};  // includes recovery from a crash
inline constexpr std::chrono::seconds cluster_stop_timeout{60};
inline constexpr std::size_t socket_path_bytes_max = 107;  // sun_path without its NUL

// For root: below /var/lib/devy-upload-cluster, with the socket below /run/devy-upload-cluster, one
// for each HOME. For other users: below XDG_DATA_HOME, with the socket below XDG_RUNTIME_DIR.
// DEVY_CLUSTER_DIRECTORY replaces the base folder, which then holds the socket as well. Two
// clusters never share a folder of sockets.
[[nodiscard]] ClusterPaths default_cluster_paths();

// Creates the cluster (role and database `devy`, UTF-8, checksums) when it does not exist, starts
// it when it does not run, and returns its conninfo.
[[nodiscard]] std::string start_cluster(const ClusterPaths& paths,
                                        const ClusterOptions& options = {});

// Returns false when it did not run.
bool stop_cluster(const ClusterPaths& paths, StopMode mode = StopMode::fast);

// Returns the conninfo of the running cluster. Cheap: it reads two files and opens one socket.
// Throws Error(denied, "database_foreign") for the folder of another user, who alone may use it.
[[nodiscard]] std::optional<std::string> find_running_cluster(const ClusterPaths& paths);

[[nodiscard]] ClusterStatus cluster_status(const ClusterPaths& paths);

}  // namespace devy::cluster
