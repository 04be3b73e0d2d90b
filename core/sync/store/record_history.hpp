#pragma once
// Versions of tasks and comments, and the operations that were about them. Reads alone. Values;
// throws what pg::Connection throws; one thread a connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/sync/store/task_list.hpp"

namespace devy::sync {

struct Version {
  int version = 0;
  std::string origin;  // local, github or merge
  Person author;
  std::string fields;  // JSON; of one that was lost, only what lost
  bool is_lost = false;
  std::optional<int> lost_to;
  std::string operation;
  base::TimePoint at{};
};
inline constexpr int versions_shown_max = 250;
// The newest first.
[[nodiscard]] std::vector<Version> list_versions(pg::Connection& connection,
                                                 const std::string& record_id);

struct RecordOperation {
  std::string id, kind, state, direction, source, outcome, action;
  std::string error_code, error_text, error_hint;
  std::string delivery;  // its GUID
  std::vector<std::string> fields;
  std::int64_t api_calls = 0;
  int attempt = 0;
  base::TimePoint created_at{};
  std::optional<base::TimePoint> run_at, finished_at;
};
// The newest first.
[[nodiscard]] std::vector<RecordOperation> list_record_operations(pg::Connection& connection,
                                                                  const std::string& record_id,
                                                                  int limit);
struct FoundOperation {
  std::string record_id;
  RecordOperation operation;
};
// By its id; nothing for one that is about neither a task nor a comment.
[[nodiscard]] std::optional<FoundOperation> find_record_operation(pg::Connection& connection,
                                                                  const std::string& id);

// The record that an operation is about: each side as it stands now, in JSON, and what was
// asked of GitHub.
struct OperationSides {
  std::string record_id, task_id;
  bool is_comment = false;
  std::string local, base, remote;  // objects; empty: there is none
  std::string calls;                // an array of {method, path, status, at}; empty: none
  RecordOperation operation;
};
[[nodiscard]] std::optional<OperationSides> find_operation_sides(pg::Connection& connection,
                                                                 const std::string& operation_id);

}  // namespace devy::sync
