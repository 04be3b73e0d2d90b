#pragma once
// Lists that are to be read without anybody asking, and scans that nothing ends any more. Throws
// what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/health.hpp"

namespace devy::mirror {

struct DueList {
  std::int64_t repository_id = 0;
  std::string list;
  std::optional<base::TimePoint> since;  // what changed since then; nothing: the whole list
};
// Lists with rows that may have changed again within the second of their last change, since the
// oldest of these.
[[nodiscard]] std::vector<DueList> lists_to_settle(pg::Connection& connection,
                                                   std::chrono::milliseconds after,
                                                   std::chrono::milliseconds every);

// How often a list is read again; zero: never. A repository without a hook tells of nothing.
struct ReadingTimes {
  std::chrono::milliseconds every, unhooked_every, full_every;
  int lists_max = 0;
};
// Claims lists whose time has come, and plans their next one, in a statement of its own.
[[nodiscard]] std::vector<DueList> claim_due_lists(pg::Connection& connection,
                                                   const ReadingTimes& times);

// The list since what is known of it: whole, where it was never read.
[[nodiscard]] DueList due_since_last_reading(pg::Connection& connection, std::int64_t repository_id,
                                             std::string_view list);

// Returns how many.
std::int64_t fail_abandoned_scans(pg::Connection& connection);

// For metrics; it looks at uncertain rows and open scans alone.
struct Figures {
  std::int64_t repositories = 0, running = 0, sweeping = 0, held = 0, unsettled = 0;
};
[[nodiscard]] Figures figures(pg::Connection& connection);

// For metrics: seconds from the receipt of a delivery to the rows of each of its things, of those
// that were applied in that time; at most 10 000.
[[nodiscard]] std::vector<double> lags(pg::Connection& connection, const queue::FinishedSpan& span);

}  // namespace devy::mirror
