#pragma once
// Writes of a credential at GitHub, within its secondary limits, as far as they are known, counted
// over all daemons (writes.sql). Throws what pg::Connection throws; one thread a connection.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/pg/connection.hpp"

namespace devy::github {

enum class Weight {
  reading,  // 1 point
  write,    // 5 points
  content,  // a write that makes an issue or a comment
};
struct WriteLimits {
  std::uint32_t writes_per_minute = 0, content_per_hour = 0, points_per_minute = 0;
  std::chrono::milliseconds gap{};  // between two writes
};
// Counts a request that is about to be sent, and returns nothing; or returns how long it has to
// wait, and counts nothing. `credential` as in api_pause.hpp.
[[nodiscard]] std::optional<std::chrono::milliseconds> charge_write(pg::Connection& connection,
                                                                    const std::string& credential,
                                                                    Weight weight,
                                                                    const WriteLimits& limits);
// GitHub has refused with a secondary limit: half as much from now on, growing again by a tenth
// each quiet ten minutes.
void slow_down(pg::Connection& connection, const std::string& credential);

}  // namespace devy::github
