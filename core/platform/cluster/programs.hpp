#pragma once
// Finds PostgreSQL's installed programs and the unprivileged user that runs them. Only
// private_cluster's files use this. Values and functions; any thread.

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace devy::cluster {

// The user that the server runs as: our own, or for root an unprivileged user.
struct ServerUser {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  bool needs_drop = false;  // we are root and have to become this user first
};

// Returns nothing when the system has no name for it.
[[nodiscard]] std::optional<ServerUser> find_user(uid_t uid);

struct ProgramResult {
  int exit_status = 0;  // 128 + signal when killed, as shells report it
  std::string output;   // stdout and stderr together, only the last output_bytes_max
};

inline constexpr std::size_t output_bytes_max = std::size_t{16} * 1024;

// Returns the owner of `data_directory` when that exists, so that a cluster keeps its user; else
// the `postgres` user, else `nobody`. Throws Error(denied) when the folder belongs to another user.
[[nodiscard]] ServerUser server_user(const std::string& data_directory);

// Returns the folder with initdb and pg_ctl: of version `major` ("15") when given, else the newest.
// Searches DEVY_POSTGRES_BINDIR, `pg_config --bindir` and Debian's folders. Throws
// Error(unavailable).
[[nodiscard]] std::string find_binaries(const std::string& major);

// Runs `arguments` as `user` in "/" with a fixed environment, and feeds it `input` (at most 4 kB,
// because it has to fit into a pipe). Throws Error(unavailable) when it cannot be started or takes
// too long.
[[nodiscard]] ProgramResult run_program(const ServerUser& user,
                                        const std::vector<std::string>& arguments,
                                        std::chrono::seconds timeout,
                                        const std::string& input = {});

}  // namespace devy::cluster
