#pragma once
// Applies the [log] section to this process. Any thread; throws nothing.

#include "core/platform/config/config.hpp"

namespace devy::daemon {

void configure_log(const config::Log& settings);

}  // namespace devy::daemon
