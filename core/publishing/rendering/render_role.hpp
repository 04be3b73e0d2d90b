#pragma once
// The rendering child's side of renderer.hpp. Private to this folder.

#include <string_view>

namespace devy::rendering {

inline constexpr std::string_view render_role = "render";
// The child's exit status when one file has used up limits.render_cpu. It must differ from those of
// platform/process/child.hpp.
inline constexpr int cpu_exceeded = 72;

}  // namespace devy::rendering
