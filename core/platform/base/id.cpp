#include "core/platform/base/id.hpp"

#include "core/platform/base/hex.hpp"

namespace devy::base {

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
    } else if (!is_lower_hex(c)) {
      return false;
    }
  }
  return true;
}

}  // namespace devy::base
