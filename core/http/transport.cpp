#include "core/http/transport.hpp"

#include <strings.h>

namespace devy::http {

std::string_view Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0)
      return value;
  return {};
}

}  // namespace devy::http
