#pragma once
// The role `maintenance`: it runs the maintenance tasks of every system, the search for lost
// deliveries, pruning, and the end of what no program runs, each in threads with a database session
// of its own. Any number of daemons share the work. When told to drain it leaves at once: what is
// interrupted is due again later.
//
// Reports: ready · maintenance {counts by name}, every second, counted since the previous report ·
// database_retry {class}.

#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {

// Returns the exit status.
int run_maintenance(SupervisorLink& link);

}  // namespace devy::daemon
