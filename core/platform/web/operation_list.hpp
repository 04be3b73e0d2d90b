#pragma once
// The operations that a page lists, newest first by arrival, at a cost that does not grow with the
// table (web.md, "Millions of rows"): pages by keyset, no totals, and a filter that no index serves
// looks at a bounded number of rows and says how far back it has looked.
//
// Throws what pg::Connection throws. A session, so one thread at a time.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::web {

inline constexpr int operations_per_page = 50;
// Rows that one request looks at when no index serves its filter.
inline constexpr int operations_looked_at_max = 5'000;
// Resources of one owner that are looked through one by one; of more, the newest operations are.
inline constexpr int owner_resources_max = 1'000;

struct OperationFilter {
  std::vector<std::string> states = {};  // empty: all
  std::vector<std::string> kinds = {};   // empty: all
  std::optional<std::string> owner = {};
  std::optional<std::string> key = {};  // of the resource
  std::optional<std::string> code = {};
  // Only operations of these resources; a system's page names them. At most owner_resources_max.
  std::optional<std::vector<queue::ResourceId>> resources = {};
  std::int64_t before = std::numeric_limits<std::int64_t>::max();  // arrivals below this
};

struct OperationLine {
  std::int64_t arrival = 0;
  std::string id, kind, state, source, owner;
  std::string resource_kind, key;
  std::optional<std::string> step, error_code, error_text;
  int attempt = 0, max_attempts = 0;
  base::TimePoint created_at;
  std::optional<base::TimePoint> run_at, started_at,
      finished_at;  // run_at: none while it is paused
};

struct OperationList {
  std::vector<OperationLine> lines;  // at most operations_per_page
  // The `before` of the next page; nothing when there is none.
  std::optional<std::int64_t> next_before = {};
  // Set when the bound ended the search: what arrived earlier was not looked at.
  std::optional<base::TimePoint> looked_back_to = {};
};

[[nodiscard]] OperationList list_operations(pg::Connection& connection,
                                            const OperationFilter& filter);

// The newest arrival of all: what "all that match" may not go beyond. 0 when there is none.
[[nodiscard]] std::int64_t newest_arrival(pg::Connection& connection);

}  // namespace devy::web
