#pragma once
// Which addresses a post may name. cmark's safe mode knows a few bad schemes; this knows the few
// good ones (content.md: http, https, mailto, relative). Pure; any thread.

#include <string_view>

namespace devy::markdown {

// http, https, mailto, or no scheme at all; and no control character anywhere, since browsers
// drop some of those before they look for the scheme.
[[nodiscard]] bool is_allowed_target(std::string_view url);
// The same without mailto and relative ones: fit for a canonical address.
[[nodiscard]] bool is_web_address(std::string_view url);

}  // namespace devy::markdown
