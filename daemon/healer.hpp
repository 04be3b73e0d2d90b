#pragma once
// The role `healer`: compares blogs with their remotes, all day, by the times in the database. A
// few threads ask remotes, so that a slow one delays no other, and one verifies; each has a
// database session of its own. Told to drain, it leaves at once: what it was at is put off, nothing
// is lost.
//
// Reports: ready · upkeep {asked failed missed verified drifted}, every second, since the last one
// · database_retry {class}.

#include "daemon/supervisor_link.hpp"

namespace devy::daemon {

// Returns the exit status.
int run_healer(SupervisorLink& link);

}  // namespace devy::daemon
