#pragma once
// Which storage a node has, and which contents ought to be in it. One connection, one thread;
// throws what pg::Connection throws.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/files/store/file.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::files {

struct Storage {
  std::string node, instance, kind, place;
};
[[nodiscard]] std::optional<Storage> find_storage(pg::Connection& connection,
                                                  const std::string& node);
[[nodiscard]] std::vector<Storage> list_storages(pg::Connection& connection);
// Notes that a node has a disk there, with an instance of its own. Keeps what is noted already.
[[nodiscard]] Storage add_storage(pg::Connection& connection, const std::string& node,
                                  const std::string& directory);

struct Content {
  base::Sha256 sha256{};
  std::int64_t size = 0;
  std::string state;
  std::int64_t files = 0;  // that have it
};
// Reads a row with the columns sha256 (hexadecimal), size, state and files.
[[nodiscard]] Content content_of(const pg::Row& row);
// So many contents behind that digest, by digest, that are on the node's disk.
[[nodiscard]] std::vector<Content> list_contents(pg::Connection& connection,
                                                 const std::string& node,
                                                 const std::optional<base::Sha256>& behind,
                                                 int limit);
[[nodiscard]] std::optional<Content> find_content(pg::Connection& connection,
                                                  const base::Sha256& sha256);
// Until the transaction ends nobody links or unlinks the bytes. Nothing when there is no row.
[[nodiscard]] std::optional<Content> lock_content(pg::Connection& connection,
                                                  const base::Sha256& sha256);

// Owners whose recorded sums are not those of their files and open uploads; bytes are both
// together.
struct WrongQuota {
  std::string owner_id, owner;
  std::int64_t recorded_bytes = 0, counted_bytes = 0, recorded_files = 0, counted_files = 0;
};
[[nodiscard]] std::vector<WrongQuota> wrong_quotas(pg::Connection& connection);
// Sets the sums of one owner, under his lock.
void repair_quota(pg::Connection& connection, const std::string& owner_id);

// For metrics.
struct Figure {
  std::string name;
  std::int64_t count = 0;
};
[[nodiscard]] std::vector<Figure> count_contents(pg::Connection& connection);

}  // namespace devy::files
