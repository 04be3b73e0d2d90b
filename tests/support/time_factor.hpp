#pragma once
// How much longer than usual everything may take in this build, and how much more memory. Whoever
// waits in a test for another process, or looks at what it holds, multiplies by it.

namespace devy::testing {

#ifdef DEVY_SANITIZED
constexpr int time_factor = 4, memory_factor = 4;
#else
constexpr int time_factor = 1, memory_factor = 1;
#endif

}  // namespace devy::testing
