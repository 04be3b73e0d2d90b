#pragma once
// How much longer than usual everything may take in this build. Whoever waits in a test for another
// process multiplies by it.

namespace devy::testing {

#ifdef DEVY_SANITIZED
constexpr int slowness = 4;
#else
constexpr int slowness = 1;
#endif

}  // namespace devy::testing
