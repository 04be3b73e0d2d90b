#include "core/platform/base/count_text.hpp"

namespace devy::base {

std::string count_text(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string first_of(const std::vector<std::string>& all) {
  constexpr std::size_t named_max = 5;
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < named_max; ++i)
    text += (i == 0 ? "" : ", ") + all[i];
  if (all.size() > named_max) text += " and " + std::to_string(all.size() - named_max) + " more";
  return text;
}

}  // namespace devy::base
