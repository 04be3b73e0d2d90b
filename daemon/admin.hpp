#pragma once
// The role `admin`: asks the database once a second how much work waits, tells the supervisor, and
// serves /healthz, /readyz and /metrics on the sockets it was given, which are never the public
// ones. Its threads: the watch, the server's, the link's.
//
// Reports: ready {address} · queue {is_up, waiting} every second · numbers_taken.

#include "daemon/supervisor_link.hpp"

namespace devy::daemon {

// Makes its own link, which hands it the supervisor's numbers. Returns the exit status; throws what
// HttpServer's constructor throws.
int run_admin(process::Parent& parent);

}  // namespace devy::daemon
