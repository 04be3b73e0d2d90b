#pragma once
// What of a post's text reaches a reader's browser. Pure; any thread.
//
// Control characters (C0 but for line feed and tab, DEL, C1) show nothing and steer terminals and
// parsers. Of the bidirectional formatting characters, overrides (U+202D, U+202E) and embeddings
// (U+202A, U+202B), with their end mark (U+202C), go: they reorder what follows them, unseen, and
// Unicode itself (UAX #9) asks for isolates in their place. Marks (U+200E, U+200F, U+061C) and
// isolates (U+2066 … U+2069) stay: Arabic and Hebrew posts need them around numbers and Latin
// names, and their effect ends with the paragraph.

#include <cstddef>
#include <string_view>

namespace devy::markdown {

// Bytes of the character at the front of `text` if it goes, else 0. `text` is not empty and valid
// UTF-8.
[[nodiscard]] inline std::size_t unwanted_bytes(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  if (byte < 0x20) return byte == '\n' || byte == '\t' ? 0 : 1;
  if (byte < 0x7f) return 0;
  if (byte == 0x7f) return 1;
  if (byte == 0xc2) return text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0 ? 2 : 0;
  if (byte != 0xe2 || text.size() < 3) return 0;
  const auto third = static_cast<unsigned char>(text[2]);
  return text[1] == '\x80' && third >= 0xaa && third <= 0xae ? 3 : 0;
}

}  // namespace devy::markdown
