#include "core/publishing/markdown/plain_text.hpp"

#include <algorithm>

namespace devy::markdown {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80;
}

bool is_space(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

}  // namespace

std::string plain_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool wants_space = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (is_space(text[i])) {
      wants_space = true;
      continue;
    }
    if (byte < 0x20 || byte == 0x7f) continue;
    // C1 controls are C2 80 … C2 9F.
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      ++i;
      continue;
    }
    if (wants_space && !out.empty()) out += ' ';
    wants_space = false;
    out += text[i];
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t characters_max) {
  std::size_t characters = 0;
  std::size_t cut = 0;       // where the last character that leaves room for the mark ends
  std::size_t word_end = 0;  // end of the last whole word before the limit
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_continuation(text[i])) continue;
    if (characters + 1 == characters_max) cut = i;
    if (++characters > characters_max) break;
    if (text[i] == ' ' && cut == 0) word_end = i;
  }
  if (characters <= characters_max) return std::string(text);
  if (cut < text.size() && text[cut] == ' ') word_end = cut;
  // A language that writes no spaces is cut between characters.
  if (word_end < cut / 2) word_end = cut;
  return std::string(text.substr(0, word_end)) + "…";
}

std::string_view prefix_of(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && is_continuation(text[end]))
    --end;
  return text.substr(0, end);
}

}  // namespace devy::markdown
