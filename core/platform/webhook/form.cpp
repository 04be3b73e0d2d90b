#include "core/platform/webhook/form.hpp"

#include "core/platform/base/hex.hpp"

namespace devy::webhook {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      const auto byte = base::leading_hex_byte(text.substr(i + 1));
      if (!byte) return std::nullopt;
      out += *byte;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

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
  return decoded(*found);
}

}  // namespace devy::webhook
