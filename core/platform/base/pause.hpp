#pragma once
// A pause that a stop ends. For loops that have nothing else to wait for; what waits for a
// condition, a descriptor or a notification waits there. Any thread.

#include <chrono>
#include <stop_token>

namespace devy::base {

// Returns when the time is over, or at once when a stop is requested.
void pause_for(const std::stop_token& stop, std::chrono::milliseconds time);

}  // namespace devy::base
