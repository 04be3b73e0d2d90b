#pragma once
// Text for people: titles, summaries, tags. Pure; any thread.
//
// Control characters (C0, DEL, C1) have no meaning in any of them and could steer a terminal, so
// they are dropped here for good; everything else is data and stays as the author wrote it.

#include <cstddef>
#include <string>
#include <string_view>

namespace devy::markdown {

// Valid UTF-8 in, one line out: no control characters, white space collapsed to single spaces,
// nothing at either end.
[[nodiscard]] std::string plain_text(std::string_view text);

// At most `characters_max` characters with the "…" that marks a cut, which falls between two words
// where there is a space in reach.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t characters_max);

// The longest valid beginning of `text` of at most `bytes_max` bytes that ends with a character.
[[nodiscard]] std::string_view prefix_of(std::string_view text, std::size_t bytes_max);

// ASCII only: names of keys, schemes and extensions.
[[nodiscard]] std::string to_lower_ascii(std::string_view text);

}  // namespace devy::markdown
