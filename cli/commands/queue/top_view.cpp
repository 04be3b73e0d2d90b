#include "cli/commands/queue/top_view.hpp"

#include <algorithm>
#include <sstream>

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/queue/overview_text.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t overview_rows = 2;     // of each list
constexpr std::size_t operations_least = 5;  // lines that the overview leaves for them
constexpr std::size_t top_label_width = 11;

int rank_of(const std::string& state) {
  if (state == "processing" || state == "scheduled") return 0;
  if (state == "held") return 1;
  if (state == "verified" || state == "received") return 2;
  return 3;
}

std::vector<ScreenLine> whole_lines(const TopState& state, std::size_t height) {
  std::vector<ScreenLine> lines;
  for (auto i = state.scrolled; i < state.whole.size() && lines.size() + 1 < height; ++i)
    lines.push_back({state.whole[i]});
  return lines;
}

std::vector<ScreenLine> upper_lines(const TopState& state, std::size_t rows, const TimeText& time) {
  std::vector<ScreenLine> lines;
  for (const auto& line : overview_lines(state.overview, overview_rows, time)) {
    if (lines.size() == rows) break;
    auto label = line.label;
    label.resize(top_label_width, ' ');
    lines.push_back({label + line.text, line.color});
  }
  return lines;
}

// The table as lines, each with the colour of its operation's state.
std::vector<ScreenLine> operation_lines(const TopState& state, std::size_t width,
                                        const TimeText& time) {
  Table table({{"ID"},
               {.title = "KIND", .is_elastic = true},
               {.title = "SUBJECT", .is_elastic = true},
               {"STATE"},
               {.title = "STEP", .is_elastic = true},
               {.title = "TRY", .align = Align::right},
               {"CREATED"},
               {.title = "CODE", .is_elastic = true}});
  for (const auto& line : state.operations) {
    const auto subject = state.subjects.find(line.id);
    table.add({short_id(line.id), line.kind,
               subject == state.subjects.end() ? line.owner : subject->second, line.state,
               line.step.value_or("-"), std::to_string(line.attempt), time(line.created_at),
               line.error_code.value_or("-")});
  }
  std::istringstream text(table.text(width - 1, false));
  std::vector<ScreenLine> lines;
  for (std::string line; std::getline(text, line);) {
    if (lines.empty()) {
      lines.push_back({line, Color::bold});
      continue;
    }
    const auto place = lines.size() - 1;
    const auto known = queue::parse_state(state.operations[place].state);
    lines.push_back({line, known ? color_of(*known) : Color::none, place == state.marked});
  }
  return lines;
}

}  // namespace

std::string_view to_string(TopFilter filter) {
  switch (filter) {
    case TopFilter::all: return "all";
    case TopFilter::open: return "open";
    case TopFilter::failed: return "failed";
  }
  return "";
}

TopFilter next_filter(TopFilter filter) {
  switch (filter) {
    case TopFilter::all: return TopFilter::open;
    case TopFilter::open: return TopFilter::failed;
    case TopFilter::failed: return TopFilter::all;
  }
  return TopFilter::all;
}

std::vector<std::string> states_of(TopFilter filter) {
  switch (filter) {
    case TopFilter::all: return {};
    case TopFilter::open: return {"received", "verified", "scheduled", "processing", "held"};
    case TopFilter::failed: return {"failed"};
  }
  return {};
}

void order_operations(std::vector<web::OperationLine>& operations) {
  std::ranges::stable_sort(operations, {}, [](const auto& line) { return rank_of(line.state); });
}

void keep_mark(TopState& state) {
  const auto& operations = state.operations;
  const auto found = std::ranges::find(operations, state.marked_id, &web::OperationLine::id);
  if (found != operations.end())
    state.marked = static_cast<std::size_t>(found - operations.begin());
  if (!operations.empty()) state.marked = std::min(state.marked, operations.size() - 1);
  state.marked_id = operations.empty() ? "" : operations[state.marked].id;
}

std::vector<ScreenLine> top_lines(const TopState& state, std::size_t width, std::size_t height,
                                  const TimeText& time) {
  if (!state.whole.empty()) return whole_lines(state, height);
  const auto upper_most = height > operations_least + 3 ? height - operations_least - 3 : 0;
  auto lines = upper_lines(state, upper_most, time);
  lines.push_back({"operations: " + std::string(to_string(state.filter)), Color::bold});
  const auto table = operation_lines(state, width, time);
  if (state.operations.empty()) lines.push_back({"none", Color::dim});
  if (state.operations.empty() || lines.size() + 2 >= height) return lines;
  lines.push_back(table.front());
  // The marked line stays in sight, below others where there are more than fit.
  const auto room = height - 1 - lines.size();
  const auto first = state.marked >= room ? state.marked - room + 1 : 0;
  for (auto i = first; i < first + room && i + 1 < table.size(); ++i)
    lines.push_back(table[i + 1]);
  return lines;
}

ScreenLine top_bottom(const TopState& state) {
  if (!state.message.empty()) return {base::safe_text(state.message), Color::yellow};
  if (!state.whole.empty())
    return {"arrows: scroll  esc: back  r: replay  c: cancel  q: quit", Color::dim};
  return {"enter: inspect  r: replay  c: cancel  f: filter  q: quit", Color::dim};
}

}  // namespace devy::cli
