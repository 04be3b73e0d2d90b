#pragma once
// `top` at one moment: the overview above, operations below, one of them marked; or one operation
// whole. Pure: the caller reads the database and draws.

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/queue/overview.hpp"
#include "cli/terminal/screen.hpp"
#include "core/platform/web/operation_list.hpp"

namespace devy::cli {

// Which operations are listed; the key f goes from one to the next.
enum class TopFilter { all, open, failed };
[[nodiscard]] std::string_view to_string(TopFilter filter);
[[nodiscard]] TopFilter next_filter(TopFilter filter);
[[nodiscard]] std::vector<std::string> states_of(TopFilter filter);

struct TopState {
  Overview overview;
  std::vector<web::OperationLine> operations;  // those that run first
  std::map<std::string, std::string> subjects;
  TopFilter filter = TopFilter::all;
  std::size_t marked = 0;          // an index into operations
  std::string marked_id;           // stays marked when others come and go
  std::vector<std::string> whole;  // the lines of the operation that is looked at; empty: the list
  std::size_t scrolled = 0;        // lines of `whole` above the screen
  std::string message;             // what the last key did
};

// Puts those that run before those that wait, and these before what has ended.
void order_operations(std::vector<web::OperationLine>& operations);
// Finds the marked operation again after the list was read anew.
void keep_mark(TopState& state);

using TimeText = std::function<std::string(base::TimePoint)>;
[[nodiscard]] std::vector<ScreenLine> top_lines(const TopState& state, std::size_t width,
                                                std::size_t height, const TimeText& time);
// The keys, or the message of the last one.
[[nodiscard]] ScreenLine top_bottom(const TopState& state);

}  // namespace devy::cli
