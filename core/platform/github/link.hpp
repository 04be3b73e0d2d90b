#pragma once
// Parses the Link header of a page (RFC 8288), as far as paging needs it. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::github {

// Returns the target of rel="<relation>", such as next or last; nothing when there is none, or the
// header is malformed before it.
[[nodiscard]] std::optional<std::string> linked_page(std::string_view link_header,
                                                     std::string_view relation);
// Returns the number of the page that an address of GitHub's names; nothing for pages without one.
[[nodiscard]] std::optional<int> page_number(std::string_view address);

}  // namespace devy::github
