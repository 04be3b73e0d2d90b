#pragma once
// The [log] section applied to this process. Any thread; throws nothing.

#include "core/config/config.hpp"

namespace devy::daemon {

void configure_log(const config::Log& settings);

}  // namespace devy::daemon
