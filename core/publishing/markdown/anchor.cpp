#include "core/publishing/markdown/anchor.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/percent.hpp"
#include "core/publishing/markdown/link_url.hpp"
#include "core/publishing/markdown/unicode.hpp"

namespace devy::markdown {
namespace {

std::string in_lower_case(std::string_view text) {
  std::string lower;
  while (!text.empty())
    append_character(lower, to_lower(read_character(text)));
  return lower;
}

}  // namespace

std::optional<std::string> find_anchor(const Anchors& anchors, std::string_view fragment) {
  if (fragment.starts_with(id_prefix)) fragment.remove_prefix(id_prefix.size());
  std::string id(fragment);
  if (anchors.contains(id)) return id;
  id = base::percent_decoded(fragment);
  if (anchors.contains(id)) return id;
  id = in_lower_case(id);
  if (anchors.contains(id)) return id;
  return std::nullopt;
}

bool is_on_every_page(std::string_view fragment) {
  return fragment.empty() || base::to_lower(fragment) == "top" || fragment.starts_with(":~:");
}

std::string encode_anchor(std::string_view id) {
  constexpr std::string_view kept = "-._~/:@!*+,;=?()$";
  std::string encoded;
  for (const char byte : id) {
    if (base::is_letter_or_digit(byte) || kept.find(byte) != std::string_view::npos)
      encoded += byte;
    else base::append_percent_encoded(encoded, byte);
  }
  return encoded;
}

}  // namespace devy::markdown
