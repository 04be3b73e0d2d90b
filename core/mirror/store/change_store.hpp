#pragma once
// The change feed as readers have it: which rows of schema `github` changed, oldest first, behind a
// cursor (mirror.md, section 9; core/mirror/feed.sql). Any number of readers; each keeps its own
// cursor. No change appears later before one that was read: those of transactions that have not
// ended, and of all behind them, are not shown yet.
//
// Throws what pg::Connection throws, and Error:
//   conflict "cursor_foreign"  the cursor is of another database, or of this one before it was
//   restored conflict "cursor_pruned"   changes behind the cursor are older than
//   mirror.change_keep, and gone usage "cursor_invalid"     it is no cursor

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct Change {
  std::string cursor;  // to go on behind it
  base::TimePoint at{};
  std::string relation;
  std::int64_t id = 0;
  std::optional<std::int64_t> repository_id;
  std::optional<std::string> repository;  // its name now
  std::string action;                     // insert, update, delete, restore
  std::vector<std::string> columns;       // sorted; of an update or a restore
  std::optional<std::string> via, operation_id, delivery_guid;
};
[[nodiscard]] json::Json change_json(const Change& change);

struct ChangePage {
  std::vector<Change> changes;
  bool is_whole = false;  // there was no more to look at
  // To go on with. It also passes over what the reader's database role may not see, so that a
  // reader who sees little is not told one day that changes were pruned.
  std::string cursor;
};
// At most 10 000 changes. Without a cursor it begins with the oldest that is kept.
[[nodiscard]] ChangePage read_changes(pg::Connection& connection, const std::string& cursor,
                                      int limit);
// Likewise, but of what somebody may read (`Reader`): of public repositories and of those that he
// may pull from what everybody sees there, and of hooks and rights where he is an administrator. It
// looks at `limit` changes, and passes over those that are others'.
[[nodiscard]] ChangePage read_changes_of(pg::Connection& connection, const Reader& reader,
                                         const std::string& cursor, int limit);
// For whoever wants only what changes from now on.
[[nodiscard]] std::string cursor_of_now(pg::Connection& connection);

// From then on Connection::wait_notification() hears when there may be something to read. That is a
// hint: a reader looks again without one, since of two transactions that end shortly after each
// other the second may not be told, and behind a pooling proxy none is.
void listen_to_changes(pg::Connection& connection);

}  // namespace devy::mirror
