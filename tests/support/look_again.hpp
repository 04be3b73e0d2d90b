#pragma once
// The pause between two looks of a test that waits until another process has done something.
// Without one, a loop that asks PostgreSQL takes a whole processor away from the process that it
// waits for.

#include <poll.h>

namespace devy::testing {

// 10 milliseconds. Any thread.
inline void pause_before_looking_again() {
  ::poll(nullptr, 0, 10);
}

}  // namespace devy::testing
