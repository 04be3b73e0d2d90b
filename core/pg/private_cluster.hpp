#pragma once
// A private PostgreSQL of this user: initdb, start, stop and finding it again, through the
// installed PostgreSQL programs. Not a client: it runs no SQL of ours and uses no libpq.
//
// It listens on one Unix socket in a folder that only its owner (and root) may enter, and trusts
// the operating system's word for who connects: no password, no TCP. PostgreSQL refuses to run as
// root, so root starts it as the `postgres` user (or `nobody`); root still connects as role `devy`.
//
// Everything is found from the data folder alone (postmaster.pid names the socket), so a later
// command with another environment finds the same server. Stateless functions; any thread; two
// processes starting one cluster at once are serialised by a lock file.
// All throw base::Error: unavailable (code database_…) when it cannot run, config for a bad path.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

namespace devy::pg {

struct ClusterPaths {
  std::string data_directory;    // PostgreSQL's own; its parent is made when missing
  std::string socket_directory;  // + "/.s.PGSQL.5432" must fit the 107 bytes of a socket address
  std::string log_file;          // written by the server itself
};

struct ClusterOptions {
  // No fsync anywhere: a test's cluster, which dies with the machine. Say it at each start.
  bool is_throwaway = false;
};

struct ClusterStatus {
  bool is_initialised = false;  // the data folder is complete
  bool is_running = false;      // its socket answers
  pid_t pid = 0;                // the server's; 0 when there is none
  std::string conninfo;         // empty unless it runs
  std::string version;          // major version of the data folder: "15"
};

// fast rolls back what is open and writes everything; immediate is a crash on purpose.
enum class StopMode { fast, immediate };

inline constexpr std::chrono::seconds cluster_init_timeout{120};  // initdb fsyncs; disks are slow
inline constexpr std::chrono::seconds cluster_start_timeout{60};  // includes recovery from a crash
inline constexpr std::chrono::seconds cluster_stop_timeout{60};
inline constexpr std::size_t socket_path_bytes_max = 107;  // sun_path without its NUL

// Root: /var/lib/devy-upload/postgresql, socket in /run/devy-upload. A user: below XDG_DATA_HOME,
// socket below XDG_RUNTIME_DIR. DEVY_CLUSTER_DIRECTORY replaces the base, and then holds the
// socket.
[[nodiscard]] ClusterPaths default_cluster_paths();

// Makes the cluster (role and database `devy`, UTF-8, checksums) when it is not there, starts it
// when it does not run, and returns its conninfo.
[[nodiscard]] std::string start_cluster(const ClusterPaths& paths,
                                        const ClusterOptions& options = {});

// False when it did not run.
bool stop_cluster(const ClusterPaths& paths, StopMode mode = StopMode::fast);

// The conninfo of the running cluster. Cheap: reads two files, opens one socket.
[[nodiscard]] std::optional<std::string> find_running_cluster(const ClusterPaths& paths);

[[nodiscard]] ClusterStatus cluster_status(const ClusterPaths& paths);

}  // namespace devy::pg
