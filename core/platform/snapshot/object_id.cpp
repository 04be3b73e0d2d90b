#include "core/platform/snapshot/object_id.hpp"

#include <algorithm>

#include "core/platform/base/hex.hpp"

namespace devy::snapshot {

std::string to_hex(const ObjectIdBytes& bytes) {
  return base::to_hex(bytes);
}
std::optional<ObjectIdBytes> parse_hex(std::string_view hex) {
  ObjectIdBytes bytes{};
  return base::read_hex(hex, bytes) ? std::optional(bytes) : std::nullopt;
}

bool is_object_id(std::string_view text) {
  return text.size() == object_id_digits && std::ranges::all_of(text, base::is_lower_hex);
}

}  // namespace devy::snapshot
