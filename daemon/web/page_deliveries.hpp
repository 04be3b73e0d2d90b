#pragma once
// `/deliveries` and `/deliveries/<guid>`: did it come, what did it make, what did it say? For
// operators: a payload is whatever a stranger's repository is about.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_deliveries(Visit& visit);
[[nodiscard]] http::Response show_delivery(Visit& visit);
// The body as it came, as a file to save.
[[nodiscard]] http::Response show_payload(Visit& visit);
// POST /deliveries/<guid>/act
[[nodiscard]] http::Response replay_delivery(Visit& visit);

}  // namespace devy::daemon
