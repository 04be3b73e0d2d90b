#pragma once
// Lists whose rows are to be made certain, and scans that nothing ends any more. Throws what
// pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct ListToSettle {
  std::int64_t repository_id = 0;
  std::string list;
  std::optional<base::TimePoint> since;  // the oldest change among its uncertain rows
};
[[nodiscard]] std::vector<ListToSettle> lists_to_settle(pg::Connection& connection,
                                                        std::chrono::milliseconds after,
                                                        std::chrono::milliseconds every);

// Returns how many.
std::int64_t fail_abandoned_scans(pg::Connection& connection);

// For metrics; it looks at uncertain rows and open scans alone.
struct Figures {
  std::int64_t repositories = 0, running = 0, sweeping = 0, held = 0, unsettled = 0;
};
[[nodiscard]] Figures figures(pg::Connection& connection);

}  // namespace devy::mirror
