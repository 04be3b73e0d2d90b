#pragma once
// The links beside every page. Who may not open a page is not shown a link to it. Constants; any
// thread.

#include <span>
#include <string_view>
#include <vector>

#include "core/platform/web/html/page.hpp"

namespace devy::daemon {

struct NavigationLink {
  std::string_view title;
  std::string_view path;  // a page of page_table.hpp
};
struct NavigationGroup {
  std::string_view id, title;
  std::vector<NavigationLink> links;
};
[[nodiscard]] const std::vector<NavigationGroup>& navigation();

}  // namespace devy::daemon
