#pragma once
// Counts what ended, minute by minute (operation_minute in statistics.sql): the maintenance task
// that counts it, and the reading for charts, whose cost does not depend on how much there was.
// Throws what pg::Connection throws.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/maintenance_task.hpp"

namespace devy::queue {

[[nodiscard]] Maintenance count_minutes();

// The bounds of a histogram: 1, 2, 4 … ms; the last has all that took longer.
inline constexpr std::size_t histogram_bounds = 24;
using Histogram = std::array<std::int64_t, histogram_bounds>;
// The time that this share of what was counted was below, in ms, by linear interpolation within a
// bound; nothing when nothing was counted.
[[nodiscard]] std::optional<double> quantile_ms(const Histogram& histogram, double share);

struct Span {
  base::TimePoint begins_at;
  std::int64_t completed = 0, failed = 0, others = 0;
  Histogram wait{};
};
enum class SpanLength { minute, quarter_hour, hour, day };
// One for each span of that length up to now, without gaps, the oldest first; at most 400. Minutes
// are known for two days.
[[nodiscard]] std::vector<Span> read_spans(pg::Connection& connection, SpanLength length, int spans,
                                           const std::optional<std::string>& kind);

}  // namespace devy::queue
