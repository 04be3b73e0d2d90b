#pragma once
// The role `worker`: claims and runs one operation at a time until it is told to leave, has run its
// share of operations, or has grown too large. All untrusted input is parsed in child processes of
// its own.
//
// Reports: claimed {operation, kind, attempt} · progress {step, done, total, bytes} · rejected
// {files by reason} · ended {state, code} · lease_lost · rescued · swept {count} · database_retry
// {class} · idle after each search of the queue that found nothing.

#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {

// Returns the exit status. Throws what queue::Runner throws.
int run_worker(SupervisorLink& link);

}  // namespace devy::daemon
