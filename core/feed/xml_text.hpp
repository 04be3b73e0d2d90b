#pragma once
// Text as XML takes it. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::feed {

// For text and for attributes in double quotes. What XML 1.0 cannot say at all, escaped or not
// (most control characters, U+FFFE, U+FFFF), is left out; bytes that are no UTF-8 as well.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace devy::feed
