#pragma once
// `/`: is anything mine to do? An operator sees the queue and what needs somebody, a user his blogs
// and last uploads.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_overview(Visit& visit);

}  // namespace devy::daemon
