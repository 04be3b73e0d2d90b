#include "daemon/web/navigation.hpp"

namespace devy::daemon {

const std::vector<NavigationGroup>& navigation() {
  static const std::vector<NavigationGroup> groups{
      {"work", "Work", {{"Overview", "/"}, {"Operations", "/operations"}}},
  };
  return groups;
}

}  // namespace devy::daemon
