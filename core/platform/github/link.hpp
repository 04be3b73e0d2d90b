#pragma once
// Parses the Link header of a page (RFC 8288), as far as paging needs it. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::github {

// Returns the target of rel="next"; nothing when there is none, or the header is malformed before
// it.
[[nodiscard]] std::optional<std::string> next_page(std::string_view link_header);

}  // namespace devy::github
