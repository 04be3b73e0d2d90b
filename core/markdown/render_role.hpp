#pragma once
// The rendering child's side of renderer.hpp. Private to this folder.

#include <string_view>

namespace devy::markdown {

inline constexpr std::string_view render_role = "render";
// The child's exit status when one file used up limits.render_cpu. Beside process/child.hpp's.
inline constexpr int cpu_exceeded = 72;

}  // namespace devy::markdown
