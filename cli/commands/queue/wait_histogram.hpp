#pragma once
// How long operations waited before they began, in a few ranges that people can read. Pure, but for
// the printing.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/queue/statistics.hpp"

namespace devy::cli {

struct WaitRange {
  std::optional<std::int64_t> up_to_ms;  // nothing: all that waited longer
  std::int64_t count = 0;
};
// Adds all spans up.
[[nodiscard]] std::vector<WaitRange> wait_ranges(const std::vector<queue::Span>& spans);
[[nodiscard]] Json wait_range_json(const WaitRange& range);
// A line of each range with a bar; nothing where nothing was counted.
void print_wait_ranges(Context& context, const std::vector<WaitRange>& ranges);

}  // namespace devy::cli
