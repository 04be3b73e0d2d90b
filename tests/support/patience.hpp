#pragma once
// How much longer than usual everything may take in this build, and how much more memory. Whoever
// waits in a test for another process, or looks at what it holds, multiplies by it.

namespace devy::testing {

#ifdef DEVY_SANITIZED
constexpr int slowness = 4, hunger = 4;
#else
constexpr int slowness = 1, hunger = 1;
#endif

}  // namespace devy::testing
