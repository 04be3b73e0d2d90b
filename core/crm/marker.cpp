#include "core/crm/marker.hpp"

#include <charconv>

#include "core/platform/base/id.hpp"

namespace devy::crm {
namespace {

constexpr std::string_view prefix = "devy:";
constexpr std::size_t uuid_characters = 36;

std::string without_elements(std::string_view html) {
  std::string text;
  bool is_inside = false;
  for (const char c : html) {
    if (c == '<') is_inside = true;
    if (!is_inside) text += c;
    if (c == '>') is_inside = false;
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank_entity = "&nbsp;", blank_character = "\u00a0";
  constexpr std::string_view spaces = " \t\r\n";
  for (;;) {
    const auto before = text.size();
    while (!text.empty() && spaces.find(text.front()) != std::string_view::npos)
      text.remove_prefix(1);
    while (!text.empty() && spaces.find(text.back()) != std::string_view::npos)
      text.remove_suffix(1);
    for (const auto blank : {blank_entity, blank_character}) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size());
      if (text.ends_with(blank)) text.remove_suffix(blank.size());
    }
    if (text.size() == before) return text;
  }
}

}  // namespace

std::string to_string(const Marker& marker) {
  return std::string(prefix) + marker.item + "/" + std::to_string(marker.number);
}

std::optional<Marker> marker_of(std::string_view note) {
  const auto begin = note.rfind("<p");
  if (begin == std::string_view::npos) return std::nullopt;
  const auto paragraph = without_elements(note.substr(begin));
  auto text = trimmed(paragraph);
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  if (text.size() < uuid_characters + 2 || text[uuid_characters] != '/') return std::nullopt;
  Marker marker{std::string(text.substr(0, uuid_characters)), 0};
  const auto digits = text.substr(uuid_characters + 1);
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), marker.number);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size() ||
      marker.number < 1 || !base::is_uuid(marker.item))
    return std::nullopt;
  return marker;
}

}  // namespace devy::crm
