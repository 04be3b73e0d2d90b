#pragma once
// Reading a list by the time of the last change of its items: "those changed since", a page after
// the other (mirror.md, section 5). Uses Api, with its thread and errors; what says so is pure.

#include <string>
#include <vector>

#include "core/mirror/scan/page.hpp"

namespace devy::scan {

// Before GitHub was there. Since the epoch itself GitHub answers with nothing.
inline constexpr base::TimePoint earliest{std::chrono::sys_days(std::chrono::year(2008) / 1 / 1)};

// GitHub's times are whole seconds. Going on a second before the last item misses none, whether
// "since" includes that second or not.
inline constexpr std::chrono::seconds step_back{1};

// Reads the page of part.page_size items at which the part stands.
[[nodiscard]] Page read_page_since(pg::Connection& connection, Api& api, const List& list,
                                   std::int64_t repository_id, const std::string& state,
                                   const mirror::Part& part);

// Moves the part behind the page. Returns true when it is at its end. Pure.
[[nodiscard]] bool move_behind(const Page& page, mirror::Part& part);

// Divides the time from the first page's end to when it was asked for into equal parts; the last
// one has no end. Pure.
[[nodiscard]] std::vector<mirror::Part> divide_by_time(const Page& first, int parts_max);

}  // namespace devy::scan
