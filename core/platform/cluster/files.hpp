#pragma once
// Reads the files of a private cluster to learn its state. Only private_cluster's files use this.
// Read-only; any thread; throws nothing but bad_alloc.

#include "core/platform/cluster/private_cluster.hpp"

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

namespace devy::cluster {

inline constexpr const char* cluster_port = "5432";  // names the socket; there is no TCP
inline constexpr const char* cluster_role = "devy";
inline constexpr const char* cluster_database = "devy";
inline constexpr std::size_t small_file_bytes_max =
    std::size_t{8} * 1024;  // postmaster.pid, a command line

struct Postmaster {
  pid_t pid = 0;
  std::string socket_directory;
  bool is_answering = false;
};

// Throws Error(denied, "database_foreign") when the folder of data is another user's.
void refuse_foreign(const ClusterPaths& paths);
// Returns the first bytes of a file; empty when it cannot be read.
[[nodiscard]] std::string read_small_file(const std::string& path);
[[nodiscard]] std::string socket_path(const std::string& directory);
[[nodiscard]] std::string conninfo_of(const std::string& socket_directory);
[[nodiscard]] std::optional<Postmaster> read_postmaster(const std::string& data_directory);
// True when the process of postmaster.pid is gone, or is not this cluster's server.
[[nodiscard]] bool is_stale(const Postmaster& postmaster, const std::string& data_directory);

}  // namespace devy::cluster
