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
       {{"Blogs", "/blogs"},
        {"Projects", "/projects"},
        {"Files", "/files"},
        {"Gists", "/gists"},
        {"Mirror", "/mirror"},
        {"Installations", "/installations"}}},
  };
  return groups;
}

}  // namespace devy::daemon
