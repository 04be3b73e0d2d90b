#pragma once
// The names of the roles that run operations: `worker` for lane `work`, and one role for each other
// lane, `runner-<lane>`. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/platform/config/config.hpp"

namespace devy::daemon {

inline constexpr std::string_view worker_role = "worker";

[[nodiscard]] std::string runner_role(std::string_view lane);
[[nodiscard]] bool runs_operations(std::string_view role);
// How many processes of a daemon run the operations of a lane besides `work` ([runners]).
[[nodiscard]] std::uint32_t runners_of(const config::Config& config, std::string_view lane);

}  // namespace devy::daemon
