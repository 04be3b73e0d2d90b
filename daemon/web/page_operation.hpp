#pragma once
// `/operations/<id>`: what went wrong, what now? The head and the log are parts that follow a
// running operation: `?seen=<digest>` answers the head, `?after=<seq>` what the log has since.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_operation(Visit& visit);

}  // namespace devy::daemon
