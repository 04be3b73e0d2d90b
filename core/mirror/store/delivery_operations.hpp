#pragma once
// The mirror's side of intake: which repositories are mirrored, and what deliveries bring. The
// listener's database role may call it. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct KnownRepository {
  std::string full_name, owner;
};
// Those of the ids that are mirrored.
[[nodiscard]] std::map<std::int64_t, KnownRepository> known_repositories(
    pg::Connection& connection, const std::vector<std::int64_t>& ids);

// A change of where the GitHub App is installed, as the App itself told it.
struct InstallationChange {
  std::int64_t installation = 0;
  std::vector<std::int64_t> gained, lost;
  bool is_whole_lost = false;  // and all others of that installation
};
// Whether it concerns anything that is mirrored.
[[nodiscard]] bool is_concerned(pg::Connection& connection, const InstallationChange& change);
// Notes it, and returns the mirrored repositories that it concerns.
[[nodiscard]] std::map<std::int64_t, KnownRepository> note_installation(
    pg::Connection& connection, const InstallationChange& change);

struct Brought {
  const char* kind;  // document_kind or fetch_kind
  std::string key;   // of its resource, whose kind is the operation's
  std::string owner;
  std::string target;
  std::int64_t repository_id = 0;
  std::string guid;                         // of the delivery
  std::optional<base::TimePoint> event_at;  // by GitHub's clock
  // It tells the end of a thing: no document of the thing is newer, whenever it comes.
  bool is_end = false;
};
// One operation each, in their order.
[[nodiscard]] std::vector<base::OperationId> record_brought(pg::Connection& connection,
                                                            const std::vector<Brought>& brought);
// The operations that deliveries brought, in the order of the GUIDs.
[[nodiscard]] std::vector<std::vector<base::OperationId>> operations_of_deliveries(
    pg::Connection& connection, std::span<const std::string> guids);

}  // namespace devy::mirror
