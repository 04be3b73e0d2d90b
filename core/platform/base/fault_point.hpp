#pragma once
// Named places where a test makes this process die, stop, fail or delay (tests/faults/MATRIX lists
// them): DEVY_FAULT=<point>[:nth]=<action>[,…], with the actions kill, stop, abort, throw, eio and
// delay_<ms>. Without nth, the action is taken each time the point is passed. DEVY_FAULT_COUNT
// names a file that counts for all processes together; without it each process counts for itself.
//
// Only builds with -DDEVY_FAULT_POINTS=ON have fault points; in all others they compile to nothing.
// Any thread. Throws what the action says.

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
