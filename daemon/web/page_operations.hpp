#pragma once
// `/operations`: which operations, and why. An operator sees all, a user those of his own blogs.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_operations(Visit& visit);

}  // namespace devy::daemon
