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

namespace devy::sync {

// A connection at work.
struct ConnectionStep {
  std::string id, project_id, state;
  std::int64_t repository_id = 0;
  std::string repository;  // "owner/name" now; empty: not known
  std::optional<std::int64_t> installation;
  // The mirror's row, if there is one, says these.
  bool is_known = false, is_ended = false, is_mirrored = false, is_archived = false,
       has_issues = true;
  std::string cursor;       // JSON; empty: none
  std::string export_mode;  // none, open or all
  bool is_export_approved = false;
  bool is_verify_due = false;
  bool is_approved = false;  // within the last hour: what was deleted may be so many
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
void block_connection(pg::Connection& connection, const std::string& id, const std::string& reason);
// Switches its records' resources; returns how many, at most `limit`.
[[nodiscard]] std::int64_t switch_records(pg::Connection& connection, const std::string& id,
                                          bool is_enabled, int limit);

// Whether GitHub lets him push, as it has said within `max_age`; nothing: not asked for too long.
[[nodiscard]] std::optional<bool> may_push(pg::Connection& connection, std::int64_t github_user,
                                           std::int64_t repository, base::Duration max_age);
// Names what is wrong with the App's installation: "installation_suspended", "installation_removed"
// or "permission_missing"; empty: nothing that is known.
[[nodiscard]] std::string installation_obstacle(pg::Connection& connection, std::int64_t id);

// How many rows there are to go through.
struct StepTotals {
  std::int64_t issues = 0, comments = 0;
};
[[nodiscard]] StepTotals count_rows(pg::Connection& connection, std::int64_t repository);

// A batch of the mirror's rows, each with its pair, which is made where there is none. `links` are
// those that have a pair to be merged.
struct IssueBatch {
  std::vector<std::string> links;
  std::int64_t rows = 0, last = 0;  // the last number; no rows: there are no more
};
[[nodiscard]] IssueBatch link_issues(pg::Connection& connection, const std::string& id,
                                     std::int64_t after, int limit);
struct CommentPlace {
  std::int64_t number = 0, id = 0;
};
struct CommentBatch {
  std::vector<std::string> links;
  std::int64_t rows = 0;
  CommentPlace last;
};
[[nodiscard]] CommentBatch link_comments(pg::Connection& connection, const std::string& id,
                                         const CommentPlace& after, int limit);

// Tasks of ours that are to become issues.
[[nodiscard]] std::int64_t count_exportable(pg::Connection& connection, const std::string& id,
                                            int limit);
// Links a batch of them, and has them sent. Returns how many.
std::int64_t export_tasks(pg::Connection& connection, const std::string& id, int limit);

// Has sent what is owed and that nothing would send, behind a link; returns the last one, and
// nothing when there are no more.
[[nodiscard]] std::optional<std::string> send_owed(pg::Connection& connection,
                                                   const std::string& id,
                                                   const std::optional<std::string>& after,
                                                   int limit);

// Its records are compared so much later; zero: not by itself. `is_verified`: they just were.
void plan_verification(pg::Connection& connection, const std::string& id, base::Duration every,
                       bool is_verified);

}  // namespace devy::sync
