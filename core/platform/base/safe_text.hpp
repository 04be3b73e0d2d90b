#pragma once
// Makes text from repositories, deliveries or errors safe for a terminal, a log line or a label:
// control characters, bidirectional overrides and invalid UTF-8 become visible escapes
// (reliability.md, "Logs and terminal"). JSON output does not need it: JSON has its own escapes.

#include <cstddef>
#include <string>
#include <string_view>

namespace devy::base {

inline constexpr std::size_t safe_text_bytes_max = 512;

// Cuts at `bytes_max` input bytes, at a character boundary, and marks the cut with "…".
[[nodiscard]] std::string safe_text(std::string_view text,
                                    std::size_t bytes_max = safe_text_bytes_max);

// The same in quotes, for messages that quote a value.
[[nodiscard]] std::string in_quotes(std::string_view text,
                                    std::size_t bytes_max = safe_text_bytes_max);

// True for C0, DEL, and C1 in its UTF-8 encoding.
[[nodiscard]] bool has_control_character(std::string_view text);
// Length in bytes of the UTF-8 character at the start of `text`; 0 when it is not valid UTF-8.
[[nodiscard]] std::size_t utf8_length(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
// The number of terminal columns that the text takes: wide East Asian characters and emoji count as
// two, combining marks as none.
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace devy::base
