#pragma once
// The role `admin`: asks the database once a second how much work waits, reports it to the
// supervisor, and serves /healthz, /readyz and /metrics on the sockets it was given, which are
// never the public ones. Threads: the database watch, the HTTP server's, the supervisor link's.
//
// Reports: ready {address} · queue {is_up, waiting} every second · numbers_taken.

#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {

// Creates its own supervisor link, over which it receives the supervisor's counters. Returns the
// exit status; throws what HttpServer's constructor throws.
int run_admin(process::Parent& parent);

}  // namespace devy::daemon
