#pragma once
// `/queue`: does it flow, what holds it? And pausing it. For operators.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_queue(Visit& visit);
// GET /queue/pause: asks for the reason.
[[nodiscard]] http::Response ask_to_pause(Visit& visit);
// POST /queue/pause: act=pause with a reason, or act=resume.
[[nodiscard]] http::Response pause_queue(Visit& visit);

}  // namespace devy::daemon
