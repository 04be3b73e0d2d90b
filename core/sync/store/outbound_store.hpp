#pragma once
// The statements of outbound operations (core/sync/outbound.sql). Those that write run inside
// the caller's transaction, behind the fence of its operation. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

// A pair, as far as sending needs it. Documents are JSON; an empty one is none.
struct Sending {
  std::string link, connection, connection_state, connection_reason, gone_reason;
  bool is_task = true;
  std::string owner;  // of the operation: its gate
  std::optional<std::int64_t> key, github_id;
  std::string base;    // in GitHub's words (record/remote.hpp)
  std::string labels;  // GitHub's names → ours
  std::string fields;  // in ours (record/fields.hpp)
  int owed = 0, version = 0;
  bool is_deleted = false;
  // A creation whose end is not known.
  struct Intent {
    base::TimePoint at{};
    std::int64_t number_before = 0;
    std::string marker;
    int version = 0, tries = 0, lookups = 0;
  };
  std::optional<Intent> intent;
  // The record's author; empty: nobody here.
  std::string author, author_name;
  std::optional<std::int64_t> author_github_id;
  // The issue of a comment's task, and whether it is the next comment that is to be made there.
  std::string parent, parent_gone_reason;
  std::optional<std::int64_t> parent_key;
  bool is_next = true;
  bool is_locked = false;  // the conversation, at GitHub
};
[[nodiscard]] std::optional<Sending> load_sending(pg::Connection& connection,
                                                  const base::OperationId& operation);

// The highest number of an issue or a pull request of the repository that the mirror knows.
[[nodiscard]] std::int64_t newest_number(pg::Connection& connection, std::int64_t repository);
// Those labels that the repository has, by their names in lower case.
[[nodiscard]] std::map<std::string, std::string> known_labels(pg::Connection& connection,
                                                              std::int64_t repository,
                                                              const std::set<std::string>& names);
[[nodiscard]] std::optional<std::int64_t> milestone_number(pg::Connection& connection,
                                                           std::int64_t repository,
                                                           const std::string& title);
// Users of GitHub by their ids → their logins; those alone that the mirror knows.
[[nodiscard]] std::map<std::int64_t, std::string> logins_of(pg::Connection& connection,
                                                            const std::set<std::int64_t>& users);
// Accounts by their names in lower case → their logins at GitHub, where they are linked.
[[nodiscard]] std::map<std::string, std::string> linked_logins(
    pg::Connection& connection, const std::vector<std::string>& names);

void set_intent(pg::Connection& connection, const std::string& link,
                const std::optional<Sending::Intent>& intent);
// False: the pair has another thing at GitHub already.
[[nodiscard]] bool note_made(pg::Connection& connection, const std::string& link, std::int64_t key,
                             std::optional<std::int64_t> github_id);
// Everything that was owed when it was read has been written, or need not be. Ends the creation
// that was open.
void clear_owed(pg::Connection& connection, const std::string& link, int owed);
void add_owed(pg::Connection& connection, const std::string& link);
// Field → the digest of the value that GitHub would not take.
void set_refused(pg::Connection& connection, const std::string& link,
                 const std::map<std::string, std::string>& refused);
// The record was deleted here, and its pair has ended.
void unlink(pg::Connection& connection, const std::string& link, const std::string& reason);

// Whether merges have written one of the fields so often within minutes that another program seems
// to write it, too.
[[nodiscard]] bool is_contested(pg::Connection& connection, const base::OperationId& operation,
                                const std::set<std::string>& fields);

struct CallNote {
  std::string method, path;
  int status = 0;  // 0: no answer
  base::TimePoint at{};
};
struct SendingNote {
  std::string outcome;  // empty: not known yet
  std::set<std::string> fields = {};
  std::optional<std::int64_t> key = std::nullopt;
  std::optional<base::TimePoint> github_at = std::nullopt;
  std::optional<int> version = std::nullopt;
  std::vector<CallNote> calls = {};
};
void note_sending(pg::Connection& connection, const base::OperationId& operation,
                  const SendingNote& note);
// Counts writes of a credential in its minute.
void count_writes(pg::Connection& connection, const std::string& credential, int writes,
                  int contents);

// Ensures that an operation waits which sends what is owed for a record; nothing is done where
// nothing can be sent. `priority` as of operations.
void record_outbound(pg::Connection& connection, const std::string& link, int priority);
// Likewise for the comment of a task that is to be made next.
void record_next_comment(pg::Connection& connection, const std::string& task);
// The repository is there no more, or may not be seen.
void disconnect_connection(pg::Connection& connection, const std::string& id,
                           const std::string& reason);

}  // namespace devy::sync
