#pragma once
// Operations of any kind as rows, for people. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::queue {

struct OperationRow {
  std::string id, kind, state, lane, direction, source, owner;
  std::optional<std::string> step, error_code, error_text;
  int attempt = 0, max_attempts = 0;
  base::TimePoint created_at;
  std::optional<base::TimePoint> finished_at;
};
struct OperationFilter {
  std::optional<std::string> kind = {};       // empty: of any kind
  std::optional<std::string> direction = {};  // inbound or outbound; empty: either
  std::vector<std::string> states = {};       // empty: all
  std::optional<base::Duration> since = {};   // by when they were recorded
  std::optional<base::Duration> until = {};
  std::optional<std::string> code = {};  // of the error that it ended with
  int limit = 50;
};
// The newest come first.
[[nodiscard]] std::vector<OperationRow> list_operations(pg::Connection& connection,
                                                        const OperationFilter& filter);

// The operation whose id begins so; nothing when there is none. Throws Error(not_found,
// "operation_ambiguous") for several.
[[nodiscard]] std::optional<OperationRow> find_operation(pg::Connection& connection,
                                                         const std::string& prefix);

// Whether there are some, and each was older than what its resource had (State::dropped).
[[nodiscard]] bool are_all_dropped(pg::Connection& connection,
                                   const std::vector<base::OperationId>& operations);

}  // namespace devy::queue
