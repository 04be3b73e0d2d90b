#include "core/platform/web/html/shown_text.hpp"

#include <algorithm>

#include "core/platform/base/safe_text.hpp"

namespace devy::html {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_plain(char byte) {
  return (byte >= ' ' && byte < 0x7F) || byte == '\n' || byte == '\t' || byte == '\r';
}

// C1 characters; the embeddings, overrides and isolates that turn the order of what follows.
bool is_hidden(std::string_view character) {
  if (character.size() == 2) return character[0] == '\xC2' && (character[1] & 0x60) == 0;
  if (character.size() != 3 || !character.starts_with("\xE2")) return false;
  const char second = character[1];
  const char third = character[2];
  return (second == '\x80' && third >= '\xAA' && third <= '\xAE') ||
         (second == '\x81' && third >= '\xA6' && third <= '\xA9');
}

}  // namespace

bool is_showable(std::string_view text) {
  while (!text.empty()) {
    if (is_plain(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    const auto length = base::utf8_length(text);
    if (length < 2 || is_hidden(text.substr(0, length))) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string shown_text(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const char first = text.front();
    const auto length = std::max<std::size_t>(base::utf8_length(text), 1);
    const auto character = text.substr(0, length);
    text.remove_prefix(length);
    if (is_plain(first)) {
      shown += first;
    } else if (length == 1 && (first == 0x7F || (first >= 0 && first < ' '))) {
      // The pictures of control characters begin at U+2400; that of DEL is U+2421.
      shown += "\xE2\x90";
      shown += static_cast<char>(0x80 + (first == 0x7F ? 0x21 : first));
    } else if (length == 1 || is_hidden(character)) {
      shown += replacement;
    } else {
      shown += character;
    }
  }
  return shown;
}

}  // namespace devy::html
