#pragma once
// Text as a page may show it: valid UTF-8 without control characters. Bytes that are none become
// U+FFFD, C0 characters and DEL their pictures (U+2400 …), C1 characters and bidirectional
// overrides U+FFFD; tabs and line ends stay. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::html {

[[nodiscard]] std::string shown_text(std::string_view text);
// True when shown_text() would change nothing.
[[nodiscard]] bool is_showable(std::string_view text);

}  // namespace devy::html
