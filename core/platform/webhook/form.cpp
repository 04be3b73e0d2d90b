#include "core/platform/webhook/form.hpp"

#include <algorithm>

#include "core/platform/base/percent.hpp"

namespace devy::webhook {

std::optional<std::string> payload_of_form(std::string_view body) {
  constexpr std::string_view field = "payload=";
  std::optional<std::string_view> found;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto pair = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (!pair.starts_with(field)) continue;
    if (found) return std::nullopt;
    found = pair.substr(field.size());
  }
  if (!found) return std::nullopt;
  return base::form_decoded(*found);
}

}  // namespace devy::webhook
