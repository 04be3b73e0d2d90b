#pragma once
// The roles `worker` (lane `work`) and `runner` (the other lanes, one role each): the process
// claims and runs one operation of its lane at a time, with the handlers of every system, until it
// is told to leave or has done its share. Hostile input is parsed in children of its own.
//
// Reports: claimed {operation, kind, attempt} · progress {step, done, total, bytes} · rejected
// {files by reason} · ended {state, code} · lease_lost · rescued · swept {count} · database_retry
// {class} · idle after each search of the queue that found nothing.

#include <string>

#include "daemon/supervisor/supervisor_link.hpp"

namespace devy::daemon {

// Returns the exit status. Throws what queue::Runner throws.
int run_worker(SupervisorLink& link, const std::string& lane);

}  // namespace devy::daemon
