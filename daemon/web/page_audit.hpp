#pragma once
// `/audit`: who did what, and why? For operators.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_audit(Visit& visit);

}  // namespace devy::daemon
