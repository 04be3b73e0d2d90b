#pragma once
// `/workers`: who works, at what, since when? For operators.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_workers(Visit& visit);

}  // namespace devy::daemon
