#pragma once
// Reads and writes for merges of pairs (core/sync/merging.sql, core/sync/ends.sql). Run all of it
// inside the caller's transaction. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

// A pair, as a merge begins with it. Documents are JSON: `said` and `base` in GitHub's words
// (record/remote.hpp), `local` and `sent` in ours (record/fields.hpp).
struct Pair {
  std::string link;  // the record's id
  bool is_task = true;
  std::string connection, connection_state;
  std::optional<std::string> base;  // nothing: GitHub was not heard yet
  std::string base_digest;
  std::optional<base::TimePoint> base_at;
  std::string gone_reason;  // empty: it goes on
  bool is_local_winner = false;
  std::string labels;                // GitHub's names → ours
  bool is_parent_there = true;       // the task of a comment exists
  std::optional<std::string> local;  // nothing: there is no record yet
  std::optional<std::string> sent;   // what was made at GitHub, where nothing was heard since
  bool is_deleted = false;           // the record, here or there
  std::string refused;               // field → the digest of a value that GitHub would not take

  std::optional<std::string> said;  // nothing: the mirror has never had it
  std::optional<base::TimePoint> said_at;
  std::string flags;  // what comes from GitHub alone
  bool has_same_flags = true;
  std::string said_deleted_reason;  // empty: it is there
  // Where it was transferred to.
  std::optional<std::int64_t> moved_repository, moved_number;
  std::optional<std::int64_t> github_id, author_id;
  std::string created_at, closed_at;  // as the database writes them; empty: not known
};
// Locks them. By ascending ids.
[[nodiscard]] std::vector<Pair> load_pairs(pg::Connection& connection,
                                           std::span<const std::string> links);

// Each as sync_merge_store has it.
void store_merges(pg::Connection& connection, const json::Json& changes,
                  const std::optional<base::OperationId>& operation);

struct End {
  std::string link, reason;
  std::optional<std::string> lost;  // fields that were changed here, and GitHub never heard of
  bool is_approved = false;
};
// False: too many things are gone, so nothing was done and the connection is blocked.
[[nodiscard]] bool end_pair(pg::Connection& connection, const End& end,
                            const std::optional<base::OperationId>& operation);

// An issue was transferred: its pair goes with it, where the repository is the same project's.
// False: it does not.
[[nodiscard]] bool move_pair(pg::Connection& connection, const std::string& link,
                             std::int64_t repository, std::int64_t number);
// Behind the end of the operation that moved it: the old issue's end says nothing of the new one.
void forget_end(pg::Connection& connection, const std::string& link);

// Keeps a value that GitHub had in between, as a lost version. False: some version says it.
bool keep_value(pg::Connection& connection, const std::string& link, const json::Json& fields,
                const std::optional<base::OperationId>& operation);

}  // namespace devy::sync
