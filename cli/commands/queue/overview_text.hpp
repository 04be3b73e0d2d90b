#pragma once
// Writes an Overview as lines of a label and a text, for a screen of any width. Untrusted text is
// made safe for a terminal here. Pure.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "cli/commands/queue/overview.hpp"
#include "cli/terminal/terminal.hpp"

namespace devy::cli {

struct OverviewLine {
  std::string label;  // empty: the line goes on with the label above
  std::string text;
  Color color = Color::none;
};
// `time` writes a time for people, relative or not. At most `rows` lines of each list.
[[nodiscard]] std::vector<OverviewLine> overview_lines(
    const Overview& overview, std::size_t rows,
    const std::function<std::string(base::TimePoint)>& time);

}  // namespace devy::cli
