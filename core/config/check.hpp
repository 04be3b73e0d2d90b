#pragma once
// What is wrong with settings that are each right: what they mean together. Bounds of single values
// are setting.hpp's. Pure; any thread.

#include <string>
#include <vector>

#include "core/config/config.hpp"

namespace devy::config {

struct Finding {
  std::string key;      // whose place should be shown
  std::string message;  // about the key: "must …"
  bool is_warning = false;
};

// All at once.
[[nodiscard]] std::vector<Finding> check(const Config& config);

}  // namespace devy::config
