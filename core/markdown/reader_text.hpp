#pragma once
// What of a post's text reaches a reader's browser. Pure; any thread.
//
// Control characters (C0 but for line feed and tab, DEL, C1) and Unicode's noncharacters show
// nothing; the former steer terminals and parsers. Of the bidirectional formatting characters,
// overrides (U+202D, U+202E) and embeddings (U+202A, U+202B), with their end mark (U+202C), go:
// they reorder what follows them, unseen, and Unicode itself (UAX #9) asks for isolates in their
// place. Marks (U+200E, U+200F, U+061C) and isolates (U+2066 … U+2069) stay: Arabic and Hebrew
// posts need them around numbers and Latin names, and their effect ends with the paragraph.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Bytes of the character at the front of `text` if it goes, else 0. `text` is not empty and valid
// UTF-8, but for the bytes FE and FF, by which cmark means U+FFFE and U+FFFF.
[[nodiscard]] std::size_t unwanted_bytes(std::string_view text);

// `text` without those of them that HTML parsers disagree about (all but the bidirectional ones,
// carriage return and form feed); nothing when it holds none.
[[nodiscard]] std::optional<std::string> without_unparsable(std::string_view text);

}  // namespace devy::markdown
