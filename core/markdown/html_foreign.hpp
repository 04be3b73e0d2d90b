#pragma once
// SVG and MathML in HTML. Nothing of them is ever shown, and gumbo 0.10, which Debian 12 has, takes
// an element of theirs that is called like a part of HTML's structure, <td>, for that part, and
// ends the process when its tree contradicts itself. So it does not see them. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace devy::markdown {

// `html` without its <svg> and <math> elements, in which no parser finds the beginning of one any
// more; nothing where it has none. Of one that does not end only its start tag goes. One linear
// look.
[[nodiscard]] std::optional<std::string> without_foreign(std::string_view html);

}  // namespace devy::markdown
