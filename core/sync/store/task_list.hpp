#pragma once
// Tasks and comments as people and programs read them, a page at a time. Whether one may, the
// callers ask (project_store.hpp). Reads alone. Values; throws what pg::Connection throws, and
// Error(not_found) where that is said; one thread a connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

struct Person {
  std::string account_id, username, github_login;  // each may be empty; all: nobody is known
  // As he is shown: by his name here, or else at GitHub, or "ghost".
  [[nodiscard]] std::string shown() const;
};

struct Task {
  std::string id, project_id, project;  // the project as "owner/slug"
  int number = 0;                       // shown as T-12
  std::optional<std::string> connection_id;
  Person author;
  std::string edited_by;  // a username; empty: GitHub's version, or nobody has edited it
  std::string title, body, state, list;
  std::optional<std::string> state_reason, milestone;
  std::vector<std::string> labels;
  std::vector<Person> assignees;
  bool is_pull_request = false, is_merged = false, is_draft = false, is_locked = false,
       is_archived = false;
  int version = 0;
  std::int64_t comments = 0;
  base::TimePoint created_at{}, updated_at{};
  std::optional<base::TimePoint> closed_at, deleted_at;

  [[nodiscard]] std::string name() const { return "T-" + std::to_string(number); }
};

struct Comment {
  std::string id, task_id, project_id;
  Person author;
  std::string edited_by;
  std::string body;
  int version = 0;
  base::TimePoint created_at{}, updated_at{};
  std::optional<base::TimePoint> deleted_at;
};

// Members that are empty are not asked for.
struct TaskFilter {
  std::string project_id = {};
  std::string state = {};  // open or closed
  std::string label = {};
  std::string assignee = {};  // a username, or a login of GitHub
  std::string list = {};      // inbox, doing, done or pull_requests
  std::string sync = {};      // a state of record_state.hpp
  std::string text = {};      // a part of title or body, in any case; T-12 and #12 are numbers
  bool is_archived = false;   // those alone that were put away; otherwise none of them
  std::string cursor = {};    // as the page before said it
  int limit = 50;
};
struct TaskPage {
  std::vector<Task> tasks;  // what changed last comes first
  std::string cursor;       // empty: there are no more
};
// Throws Error(usage, "cursor_unknown") for a cursor that no page has said.
[[nodiscard]] TaskPage list_tasks(pg::Connection& connection, const TaskFilter& filter);

// With its comments' number. One that was deleted is found, too.
[[nodiscard]] std::optional<Task> find_task(pg::Connection& connection, const std::string& id);
// By its id, the beginning of one, or "<user>/<slug>#T-12". Throws Error(not_found,
// "task_unknown" or "task_ambiguous").
[[nodiscard]] Task need_task(pg::Connection& connection, const std::string& address);

struct CommentPage {
  std::vector<Comment> comments;  // the oldest first
  std::string cursor;
};
// Those that were deleted are there, too.
[[nodiscard]] CommentPage list_comments(pg::Connection& connection, const std::string& task_id,
                                        const std::string& cursor, int limit);
[[nodiscard]] std::optional<Comment> find_comment(pg::Connection& connection,
                                                  const std::string& id);
// By its id or the beginning of one. Throws Error(not_found, "comment_unknown" or
// "comment_ambiguous").
[[nodiscard]] Comment need_comment(pg::Connection& connection, const std::string& id);

}  // namespace devy::sync
