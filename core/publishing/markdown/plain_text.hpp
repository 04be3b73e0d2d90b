#pragma once
// Plain text for people: titles, summaries, tags. Pure; any thread.
//
// Control characters (C0, DEL, C1) have no meaning in any of them and could control a terminal, so
// they are removed here for good; everything else is data and stays as the author wrote it.

#include <cstddef>
#include <string>
#include <string_view>

namespace devy::markdown {

// Takes valid UTF-8 and returns one line: no control characters, white space collapsed to single
// spaces, none at either end.
[[nodiscard]] std::string plain_text(std::string_view text);

// Returns at most `characters_max` characters, including the "…" that marks a cut; it cuts between
// two words when there is a space nearby.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t characters_max);

// Returns the longest valid beginning of `text` of at most `bytes_max` bytes that ends with a
// complete character.
[[nodiscard]] std::string_view prefix_of(std::string_view text, std::size_t bytes_max);

}  // namespace devy::markdown
