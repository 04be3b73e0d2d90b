#pragma once
// Removes SVG and MathML from HTML before gumbo sees it. None of it is ever shown, but gumbo 0.10,
// the version of Debian 12, takes a foreign element named like an HTML structure element, such as
// <td>, for that element, and ends the process when its tree becomes inconsistent. Pure; any
// thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// Returns `html` without its <svg> and <math> elements; no parser finds the beginning of one in the
// result. Returns nothing when it has none. When such an element is not closed, only its start tag
// is removed. One linear pass.
[[nodiscard]] std::optional<std::string> without_foreign(std::string_view html);

}  // namespace devy::markdown
