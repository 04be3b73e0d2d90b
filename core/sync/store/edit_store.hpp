#pragma once
// People's acts on tasks and comments: those of core/sync/edits.sql, with their texts checked
// and brought to their normal form. Whether one may, the callers ask (project_store.hpp). Each act
// is one transaction, unless the caller has begun one; the operation that it returns sends to
// GitHub what it is owed (empty: nothing is to be sent, or not yet): wake the runners after the
// commit.
//
// Throws what pg::Connection throws, and
//   Error(usage): "title_invalid", "body_invalid", "text_reserved", "label_invalid",
//     "milestone_invalid", "field_invalid" for a value that cannot be;
//   Error(not_found, "record_unknown");
//   Error(conflict): "version_differs" when it has another version than the one that was edited;
//     "locked", "merged", "not_connected", "not_synced" when its state forbids it;
//     "key_reused" when the key of the request was used for another one.
// Any thread, each with its own connection.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::sync {

inline constexpr std::size_t title_characters_max = 256;
inline constexpr std::size_t body_characters_max = 65'000;  // what we add has room at GitHub, too
inline constexpr std::size_t label_characters_max = 50;     // as GitHub has them
inline constexpr std::size_t labels_max = 100;
inline constexpr std::size_t assignees_max = 10;  // as GitHub has them

// The key by which a request that is repeated is known, and what it asked for.
struct RequestKey {
  std::string key;   // 1–255 characters
  std::string body;  // of the request: another one under the same key is refused
};

struct NewTask {
  std::string project_id, author_id;  // accounts' ids, as below
  std::optional<std::string>
      connection_id;  // nothing: the project's only repository, if it has one
  std::string title, body;
  std::vector<std::string> labels;
  std::optional<std::string> milestone;
  std::vector<std::string> assignees;  // accounts
  std::optional<std::string> list;
  std::optional<RequestKey> request;
};
struct Added {
  std::string id, operation;
  int number = 0;  // of a task
  int version = 0;
  bool is_new = true;  // false: an earlier request has made it
};
Added add_task(pg::Connection& connection, const NewTask& task);

// A member that is absent stays as it is.
struct TaskChange {
  std::optional<std::string> title, body;
  std::optional<std::string> state;         // open or closed
  std::optional<std::string> state_reason;  // completed, not_planned or duplicate
  std::optional<std::vector<std::string>> labels;
  std::optional<std::optional<std::string>> milestone;  // nothing in it: none
  std::optional<std::vector<std::string>> assignees;    // accounts
  std::optional<std::string> list;
  std::optional<bool> is_archived;
};
struct Edited {
  int version = 0;
  std::string operation;
};
// `editor_id` is an account; `version` the one that was edited, nothing: whichever there is.
Edited edit_task(pg::Connection& connection, const std::string& id,
                 const std::optional<std::string>& editor_id, std::optional<int> version,
                 const TaskChange& change);
// Returns the operation.
std::string delete_task(pg::Connection& connection, const std::string& id,
                        const std::optional<std::string>& editor_id, std::optional<int> version);

struct NewComment {
  std::string task_id, author_id, body;
  std::optional<RequestKey> request;
};
Added add_comment(pg::Connection& connection, const NewComment& comment);
Edited edit_comment(pg::Connection& connection, const std::string& id,
                    const std::optional<std::string>& editor_id, std::optional<int> version,
                    const std::string& body);
std::string delete_comment(pg::Connection& connection, const std::string& id,
                           const std::optional<std::string>& editor_id, std::optional<int> version);

// Makes an earlier version of a task or a comment, or one that lost, its present one.
Edited restore_record(pg::Connection& connection, const std::string& id, int version,
                      const std::optional<std::string>& editor_id);
// Has a task or a comment compared with GitHub now, and what GitHub refused tried again. Returns
// the operation.
std::string ask_sync(pg::Connection& connection, const std::string& id,
                     const std::string& requested_by);

}  // namespace devy::sync
