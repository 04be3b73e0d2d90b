#include "daemon/http_message.hpp"

#include <strings.h>

namespace devy::daemon {

std::string_view Request::header(std::string_view name) const {
  std::string_view found;
  bool is_found = false;
  for (const auto& [key, value] : headers) {
    if (key.size() != name.size() || strncasecmp(key.data(), name.data(), name.size()) != 0)
      continue;
    if (is_found) return {};
    found = value;
    is_found = true;
  }
  return found;
}

}  // namespace devy::daemon
