#include "daemon/web/navigation.hpp"

namespace devy::daemon {

const std::vector<NavigationGroup>& navigation() {
  static const std::vector<NavigationGroup> groups{
      {"work",
       "Work",
       {{"Overview", "/"},
        {"Operations", "/operations"},
        {"Queue", "/queue"},
        {"Deliveries", "/deliveries"},
        {"Workers", "/workers"},
        {"Audit", "/audit"}}},
      {"content",
       "Content",
       {{"Blogs", "/blogs"}, {"Files", "/files"}, {"Gists", "/gists"}, {"Mirror", "/mirror"}}},
  };
  return groups;
}

}  // namespace devy::daemon
