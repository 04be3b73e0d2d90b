#pragma once
// Charts: an SVG by the server with a sentence, a tip on each point, and the same numbers as a
// table in `details`; no script, no library, no inline style (the design's "chart"). A chart fills
// the template part_chart: `fill_chart(page.include(queue::chart, part_chart::template_file),
// chart)`. Pure; any thread.

#include <cstdint>
#include <string>
#include <vector>

#include "core/platform/web/html/page.hpp"

namespace devy::html {

enum class ChartKind {
  line,  // one or two series as lines, the second dashed
  bar,   // one or two series as bars, the second, of failures, on the axis before the first
};

struct ChartSeries {
  std::string name;
  // One for each label; negative ones count as 0.
  std::vector<double> values;
};

struct Chart {
  ChartKind kind = ChartKind::line;
  // Unique in the page: letters, digits and '-'.
  std::string id;
  std::string title;
  // Beside the title: the newest numbers, like "212 a minute, 0 failed"; may be empty.
  std::string note;
  // A sentence that says what the chart shows to who cannot see it.
  std::string summary;
  // Behind numbers of the axis and the tips, like "ms"; may be empty.
  std::string unit;
  // From left to right, like "13:00"; the table names them all, the axis about five.
  std::vector<std::string> labels;
  // The head of the labels' column, like "Hour".
  std::string label_head;
  std::vector<ChartSeries> series;
};

// At most these, so that a page stays small; fill_chart() throws Error(internal) beyond, and when a
// series does not have as many values as there are labels.
inline constexpr std::size_t chart_points_max = 400;
inline constexpr std::size_t chart_series_max = 2;

void fill_chart(Fill& fill, const Chart& chart);

}  // namespace devy::html
