#pragma once
// Named places where a test makes this very process die, stop, fail or dawdle (reliability.md,
// W1-W13 and D1-D7): DEVY_FAULT=<point>[:nth]=<deed>[,…], with the deeds kill, stop, abort, throw,
// eio and delay_<ms>. Without nth, each time the point is passed. DEVY_FAULT_COUNT names a file
// that counts for all processes together; else each counts for itself.
//
// Only builds with -DDEVY_FAULT_POINTS=ON have them: in all others a point is nothing.
// Any thread. Throws what it was told to throw.

#include <string_view>

namespace devy::base {

#ifdef DEVY_FAULT_POINTS
inline constexpr bool has_fault_points = true;
void fault_point(std::string_view name);
#else
inline constexpr bool has_fault_points = false;
inline void fault_point(std::string_view) {}
#endif

}  // namespace devy::base
