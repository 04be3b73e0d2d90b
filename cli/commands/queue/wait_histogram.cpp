#include "cli/commands/queue/wait_histogram.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "core/platform/base/time_text.hpp"

namespace devy::cli {
namespace {

// Places in queue::Histogram, whose bound at place n is 2^n ms: 1 s, 4 s, 16 s, 1 min, 4 min, 17
// min.
constexpr std::array<std::size_t, 6> range_ends{10, 12, 14, 16, 18, 20};

std::string range_label(const WaitRange& range) {
  if (!range.up_to_ms) return "longer";
  const auto whole =
      std::chrono::round<std::chrono::seconds>(std::chrono::milliseconds(*range.up_to_ms));
  return "up to " + base::format_duration(whole);
}

}  // namespace

std::vector<WaitRange> wait_ranges(const std::vector<queue::Span>& spans) {
  std::vector<WaitRange> ranges;
  std::size_t begin = 0;
  const auto count = [&](std::size_t end) {
    std::int64_t sum = 0;
    for (const auto& span : spans)
      for (auto place = begin; place < end; ++place)
        sum += span.wait.at(place);
    return sum;
  };
  for (const auto end : range_ends) {
    ranges.push_back({std::int64_t{1} << end, count(end + 1)});
    begin = end + 1;
  }
  ranges.push_back({std::nullopt, count(queue::histogram_bounds)});
  return ranges;
}

Json wait_range_json(const WaitRange& range) {
  return Json::object({{"up_to_ms", range.up_to_ms}, {"count", range.count}});
}

void print_wait_ranges(Context& context, const std::vector<WaitRange>& ranges) {
  const auto most = std::ranges::max(ranges, {}, &WaitRange::count).count;
  if (most == 0) return;
  auto& out = context.out();
  out << "\nhow long completed operations of all kinds had waited:\n";
  constexpr std::int64_t bar_width = 30;
  constexpr std::size_t label_width = 16;
  for (const auto& range : ranges) {
    auto label = "  " + range_label(range);
    label.resize(label_width, ' ');
    const auto length = (range.count * bar_width + most - 1) / most;
    out << label;
    for (std::int64_t i = 0; i < length; ++i)
      out << "█";
    out << (length > 0 ? " " : "") << range.count << '\n';
  }
}

}  // namespace devy::cli
