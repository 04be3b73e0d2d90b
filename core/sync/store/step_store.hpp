#pragma once
// The steps of a connection, as its handler takes them: where it stands, and batches of the
// mirror's rows for the first sync. Whatever writes belongs in a transaction that begins with the
// fence. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/sync/record/remote.hpp"

namespace devy::sync {

// A connection at work.
struct ConnectionStep {
  std::string id, project_id, state;
  std::int64_t repository_id = 0;
  std::string repository;  // "owner/name" now; empty: not known
  std::optional<std::int64_t> installation;
  // Of the mirror's row, if there is one.
  bool is_known = false, is_ended = false, is_mirrored = false, is_archived = false,
       has_issues = true;
  std::string cursor;       // JSON; empty: none
  std::string export_mode;  // none, open or all
  bool is_export_approved = false;
  bool is_verify_due = false;
  record::LabelMap labels;
  std::int64_t done = 0;
  // Whoever connected it: his number at GitHub, and his login there as far as it is known; empty:
  // the command line.
  std::optional<std::string> connected_by;
  std::optional<std::int64_t> github_user;
  std::string github_login;
};
// By the resource of its operations; nothing: its project was deleted.
[[nodiscard]] std::optional<ConnectionStep> load_step(pg::Connection& connection,
                                                      queue::ResourceId resource);

// Moves it on, unless somebody has moved it elsewhere meanwhile: false then.
struct StepChange {
  std::string from, to;
  std::optional<std::string> cursor = std::nullopt;  // JSON
  std::optional<std::int64_t> done = std::nullopt, total = std::nullopt;
};
[[nodiscard]] bool move_step(pg::Connection& connection, const std::string& id,
                             const StepChange& change);
void block_connection(pg::Connection& connection, const std::string& id,
                      const std::string& reason);
// Switches its records' resources; returns how many, at most `limit`.
[[nodiscard]] std::int64_t switch_records(pg::Connection& connection, const std::string& id,
                                          bool is_enabled, int limit);

// Whether GitHub lets him push, as it has said within `max_age`; nothing: not asked for too long.
[[nodiscard]] std::optional<bool> may_push(pg::Connection& connection, std::int64_t github_user,
                                           std::int64_t repository, base::Duration max_age);
// What is wrong with the App's installation: "installation_suspended", "installation_removed" or
// "permission_missing"; empty: nothing that is known.
[[nodiscard]] std::string installation_obstacle(pg::Connection& connection, std::int64_t id);

// How many rows there are to go through.
struct StepTotals {
  std::int64_t issues = 0, comments = 0;
};
[[nodiscard]] StepTotals count_rows(pg::Connection& connection, std::int64_t repository);

// An issue or a pull request of the mirror.
struct MirroredIssue {
  std::int64_t number = 0, github_id = 0;
  std::string updated_at, created_at, closed_at;  // as PostgreSQL writes them; empty: none
  std::optional<std::int64_t> user_id;
  record::RemoteTask remote;
  bool is_pull_request = false, is_merged = false, is_draft = false, is_locked = false;
  // Of the link that it has; empty: none.
  std::string link, base_digest;
  // A link that has not become equal yet: something is owed or refused, or an operation waits.
  bool is_under_way = false;
  // The record's fields (record_version), for comparing; empty: not asked for.
  std::string local_fields, base;
};
[[nodiscard]] std::vector<MirroredIssue> read_issues(pg::Connection& connection,
                                                     const std::string& id, std::int64_t after,
                                                     int limit);
struct MirroredComment {
  std::int64_t number = 0, id = 0;
  std::string updated_at, created_at;
  std::optional<std::int64_t> user_id;
  record::RemoteComment remote;
  std::string task;  // the link of its issue; empty: none
  std::string link, base_digest;
  bool is_under_way = false;
  std::string local_body, base;
};
[[nodiscard]] std::vector<MirroredComment> read_comments(pg::Connection& connection,
                                                         const std::string& id,
                                                         std::int64_t after_number,
                                                         std::int64_t after_id, int limit);

// Makes records of rows that have none; returns how many. `entries` is the JSON that the functions
// of connections.sql describe.
std::int64_t make_tasks(pg::Connection& connection, const std::string& id,
                        const std::string& operation, const std::string& entries);
std::int64_t make_comments(pg::Connection& connection, const std::string& id,
                           const std::string& operation, const std::string& entries);

// Links whose rows have ended or changed while nothing was synced: each gets an operation that
// looks at it. Returns how many.
std::int64_t notice_links(pg::Connection& connection, const std::vector<std::string>& links);
// Behind the link `after`: those whose rows have ended, and those whose record is owed to GitHub.
struct StaleLinks {
  std::vector<std::string> ended, owed;
  std::string last;  // empty: there are no more
};
[[nodiscard]] StaleLinks stale_links(pg::Connection& connection, const std::string& id,
                                     const std::string& after, int limit);
// Has what is owed sent; in the order given.
void send_links(pg::Connection& connection, const std::vector<std::string>& links);

// Tasks of ours that are to become issues.
[[nodiscard]] std::int64_t count_exportable(pg::Connection& connection, const std::string& id,
                                            int limit);
// Links a batch of them, and has them sent. Returns how many.
std::int64_t export_tasks(pg::Connection& connection, const std::string& id, int limit);

void note_verified(pg::Connection& connection, const std::string& id, base::Duration every);

}  // namespace devy::sync
