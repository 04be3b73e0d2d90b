#pragma once
// Finds settings that are valid individually but contradict each other. setting.hpp checks the
// bounds of single values. Pure; any thread.

#include <string>
#include <vector>

#include "core/platform/config/config.hpp"

namespace devy::config {

struct Finding {
  std::string key;      // the key whose place in the file is shown
  std::string message;  // a clause about the key: "must …"
  bool is_warning = false;
};

// Returns all findings together.
[[nodiscard]] std::vector<Finding> check(const Config& config);

}  // namespace devy::config
