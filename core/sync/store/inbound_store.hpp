#pragma once
// News of GitHub as operations of records (core/sync/inbound.sql). The listener's database role
// may call what records them. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::sync {

inline constexpr const char* task_kind = "task_sync";
inline constexpr const char* comment_kind = "comment_sync";

// The connections of those repositories that are, or were, a project's; by GitHub's id.
[[nodiscard]] std::map<std::int64_t, std::string> known_connections(
    pg::Connection& connection, const std::vector<std::int64_t>& repositories);

// News of an issue or a pull request (a task), or of a comment.
struct News {
  std::string connection;
  bool is_task = true;
  std::int64_t key = 0;     // the number of a task, the id of a comment
  std::int64_t number = 0;  // of the issue, of a comment too
  std::string marker;       // in its text; empty: it has none
  std::string guid;         // of the delivery; empty: none brought it
  std::optional<std::int64_t> installation;
  std::string action;
  std::optional<base::TimePoint> event_at;  // by GitHub's clock
  // It tells the end of the thing: nothing that comes late is newer.
  bool is_end = false;
  std::string revision;    // merging's, of what it says; empty: it says nothing
  bool is_extra = false;   // recorded only as long as the task does not exist
  bool is_forced = false;  // the thing came back: older news of its end count no more
};
struct RecordedNews {
  std::size_t place = 0;  // in what was given
  base::OperationId operation;
};
// Run it inside the caller's transaction, and wake the workers after the commit. Not each has an
// operation.
std::vector<RecordedNews> record_news(pg::Connection& connection, const std::vector<News>& news,
                                      queue::Source source);
// The operations that deliveries brought, in the order of the GUIDs.
[[nodiscard]] std::vector<std::vector<base::OperationId>> operations_of_deliveries(
    pg::Connection& connection, std::span<const std::string> guids);

// A label or a milestone that was renamed, or deleted.
struct NameChange {
  bool is_label = true;
  std::string from;
  std::optional<std::string> to;  // nothing: it is no more
};
// Changes it in what was not sent yet.
void note_name(pg::Connection& connection, const std::string& of_connection,
               const NameChange& change);

// A row of the mirror that changed in this transaction, and concerns a record.
struct Change {
  std::string connection;
  bool is_task = true;
  std::int64_t key = 0, number = 0;
  bool is_restored = false, is_gone = false;
  std::optional<base::TimePoint> at;
  std::string said;         // in GitHub's words (record/remote.hpp)
  std::string base_digest;  // empty: nothing was heard of it
  std::string link;         // empty: it has no pair
  // The rest of what GitHub says is what the record has.
  bool is_same_otherwise = false;
};
// Three columns of one length, as the change feed has them.
struct ChangedRows {
  std::vector<std::string> relations, ids, actions;
};
[[nodiscard]] std::vector<Change> changes_of(pg::Connection& connection, const ChangedRows& rows);

// Names of repositories, at most `limit`, in which some issue has another number of comments than
// the mirror has rows.
[[nodiscard]] std::vector<std::string> repositories_with_comment_gaps(pg::Connection& connection,
                                                                      int limit);

// Why an operation of a record runs.
struct Reason {
  std::string link;
  bool is_task = true;
  std::string connection;
  std::int64_t repository_id = 0;
  std::string target;                   // "alice/notes#7", for logs
  std::optional<std::string> delivery;  // its GUID
  std::string action;
  queue::Direction direction = queue::Direction::inbound;
};
// Throws Error(not_found) for an operation that is none of a record.
[[nodiscard]] Reason load_reason(pg::Connection& connection, const base::OperationId& operation);
// Names what operations are about, by their ids: "alice/notes#7".
[[nodiscard]] std::map<std::string, std::string> targets_of(
    pg::Connection& connection, const std::vector<std::string>& operations);
// Run it inside the caller's transaction.
void note_outcome(pg::Connection& connection, const base::OperationId& operation,
                  std::string_view outcome, const std::optional<base::TimePoint>& github_at);

}  // namespace devy::sync
