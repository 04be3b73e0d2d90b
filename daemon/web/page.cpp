#include "daemon/web/page.hpp"

#include <algorithm>

namespace devy::daemon {

std::string_view to_string(Right right) {
  switch (right) {
    case Right::anyone: return "anyone";
    case Right::user: return "user";
    case Right::operator_: return "operator";
  }
  return "operator";
}

bool Visit::wants_part() const {
  return request.header("HX-Request") == "true" &&
         request.header("HX-History-Restore-Request").empty();
}

std::string Visit::actor() const {
  return visitor == nullptr ? "web:" : "web:" + visitor->username;
}

bool may_open(std::string_view path, const Visitor* visitor) {
  const auto pages = page_table();
  const auto page = std::ranges::find_if(
      pages, [&](const Page& row) { return row.method == "GET" && row.path == path; });
  if (page == pages.end()) return false;
  switch (page->right) {
    case Right::anyone: return true;
    case Right::user: return visitor != nullptr;
    case Right::operator_: return visitor != nullptr && visitor->is_operator;
  }
  return false;
}

}  // namespace devy::daemon
