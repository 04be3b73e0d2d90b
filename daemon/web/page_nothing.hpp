#pragma once
// Whatever is no page. Belongs to the thread that answers.

#include "daemon/web/page.hpp"

namespace devy::daemon {

// Throws Error(not_found).
[[nodiscard]] http::Response show_nothing(Visit& visit);

}  // namespace devy::daemon
