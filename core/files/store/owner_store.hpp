#pragma once
// Owners of files as an operator sees them, with their limits; and figures of all files. One
// connection, one thread; throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/files/store/file.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::files {

struct Owner {
  OwnerId id;
  std::string login;
  std::int64_t bytes = 0;  // with what open uploads announced
  std::int64_t files = 0;
  std::optional<std::int64_t> bytes_max, files_max;  // his own; nothing: the configured ones
  std::optional<base::TimePoint> blocked_at;
  std::string blocked_reason;
};
// Those who have the most come first.
[[nodiscard]] std::vector<Owner> list_owners(pg::Connection& connection, int limit);
[[nodiscard]] std::optional<Owner> find_owner_row(pg::Connection& connection, const OwnerId& id);

// Sets his own limits, or takes them away.
void set_quota(pg::Connection& connection, const OwnerId& id,
               const std::optional<std::int64_t>& bytes_max,
               const std::optional<std::int64_t>& files_max);
// Whoever is blocked uploads nothing; what he has stays. False: it was so before.
[[nodiscard]] bool set_blocked(pg::Connection& connection, const OwnerId& id, bool is_blocked,
                               const std::string& reason);

struct FileStatistics {
  std::map<std::string, std::int64_t> files;  // by state
  std::int64_t contents = 0, bytes = 0;       // that are stored
  std::int64_t shared_bytes = 0;              // that files have besides: each of them counted
};
[[nodiscard]] FileStatistics read_statistics(pg::Connection& connection);

// A kind of work that waits for the files' operations: store, check, assemble, delete.
struct PendingFiles {
  std::string kind;
  std::int64_t count = 0;
  std::int64_t oldest_seconds = 0;
};
[[nodiscard]] std::vector<PendingFiles> pending_files(pg::Connection& connection);

}  // namespace devy::files
