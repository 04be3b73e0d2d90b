#pragma once
// Escapes text for XML. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::preview {

// The result fits text and attributes in double quotes. Characters that XML 1.0 cannot represent,
// escaped or not (most control characters, U+FFFE, U+FFFF), are left out; so are bytes that are not
// UTF-8.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace devy::preview
