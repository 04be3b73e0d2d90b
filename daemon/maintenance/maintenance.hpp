#pragma once
// The role `maintenance`, which does maintenance: it compares blogs with their remotes
// continuously, at the times scheduled in the database. A few threads ask remotes, so that a slow
// one delays no other, and one thread verifies; each has a database session of its own. When told
// to drain it leaves at once: interrupted checks are rescheduled, so nothing is lost.
//
// Reports: ready · maintenance {asked failed missed verified drifted}, every second, counted
// since the previous report · database_retry {class}.

#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {

// Returns the exit status.
int run_maintenance(SupervisorLink& link);

}  // namespace devy::daemon
