#include "core/publishing/markdown/heading_id.hpp"

#include "core/publishing/markdown/unicode.hpp"

namespace devy::markdown {

std::string HeadingIds::next(std::string_view heading_text) {
  std::string base;
  while (!heading_text.empty()) {
    const char32_t character = read_character(heading_text);
    if (character == ' ' || character == '-') base += '-';
    else if (character == U'İ') base += "i̇";  // the one letter whose small form is two characters
    else if (is_word(character)) append_character(base, to_lower(character));
  }
  if (base.empty()) return base;
  std::string id = base;
  // "a", "a-1", "a": the third must step over the second.
  while (repeats_.contains(id))
    id = base + '-' + std::to_string(++repeats_[base]);
  repeats_.emplace(id, 0);
  return id;
}

}  // namespace devy::markdown
