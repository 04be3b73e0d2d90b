#pragma once
// Decides which addresses a post may refer to. cmark's safe mode rejects a few bad schemes; this
// accepts only the few good ones (content.md: http, https, mailto, relative). Pure; any thread.

#include <string_view>

namespace devy::markdown {

// Accepts http, https, mailto, or no scheme at all; and no control character anywhere, since
// browsers drop some of those before they look for the scheme.
[[nodiscard]] bool is_allowed_target(std::string_view url);
// The same without mailto and relative addresses; used for canonical addresses.
[[nodiscard]] bool is_web_address(std::string_view url);

}  // namespace devy::markdown
