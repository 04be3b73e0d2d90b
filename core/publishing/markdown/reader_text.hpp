#pragma once
// Decides which characters of a post's text reach a reader's browser. Pure; any thread.
//
// Control characters (C0 except line feed and tab, DEL, C1) and Unicode's noncharacters show
// nothing; the former control terminals and confuse parsers. Of the bidirectional formatting
// characters, overrides (U+202D, U+202E) and embeddings (U+202A, U+202B), with their end mark
// (U+202C), are removed: they reorder what follows them, unseen, and Unicode itself (UAX #9)
// recommends isolates in their place. Marks (U+200E, U+200F, U+061C) and isolates (U+2066 … U+2069)
// stay: Arabic and Hebrew posts need them around numbers and Latin names, and their effect ends
// with the paragraph.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Returns the length in bytes of the character at the front of `text` if it is to be removed, else
// 0. `text` is not empty and is valid UTF-8, except for the bytes FE and FF, with which cmark
// represents U+FFFE and U+FFFF.
[[nodiscard]] std::size_t unwanted_bytes(std::string_view text);

// Returns `text` without those removed characters that HTML parsers treat differently (all but the
// bidirectional ones, carriage return and form feed); nothing when it has none.
[[nodiscard]] std::optional<std::string> without_unparsable(std::string_view text);

}  // namespace devy::markdown
