#pragma once
// Reads a part of a list on, a page after the other, whatever the list's way of paging. Uses Api,
// with its thread and errors.

#include <cstdint>
#include <string>

#include "core/mirror/scan/page.hpp"

namespace devy::scan {

struct ReadOn {
  Page page;
  bool is_at_end = false;
};

// Reads the page at which the part stands, and moves the part behind it. Where GitHub cannot give
// so much at once, the part's pages become smaller, and larger again after some without trouble.
[[nodiscard]] ReadOn read_on(pg::Connection& connection, Api& api, const List& list,
                             std::int64_t repository_id, const std::string& state,
                             mirror::Part& part);

}  // namespace devy::scan
