#include "daemon/roles.hpp"

namespace devy::daemon {
namespace {

constexpr std::string_view runner_prefix = "runner-";
// The number for a lane that [runners] does not name.
constexpr std::uint32_t runners_default = 1;

}  // namespace

std::string runner_role(std::string_view lane) {
  return std::string(runner_prefix).append(lane);
}

bool runs_operations(std::string_view role) {
  return role == worker_role || role.starts_with(runner_prefix);
}

std::uint32_t runners_of(const config::Config& config, std::string_view lane) {
  if (lane == "github") return config.runners.github;
  return lane == "crm" ? config.runners.crm : runners_default;
}

}  // namespace devy::daemon
