#pragma once
// Recovers operations whose workers have died (queue.md, rule 5). Any process may call these; there
// is no leader.

#include <optional>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct Rescued {
  OperationId id;
  State state = State::verified;  // verified: waits again; failed: with the code worker_crashed
};
// Recovers one operation whose lease has expired; returns nothing when there is none.
[[nodiscard]] std::optional<Rescued> rescue_one(pg::Connection& connection);

// A worker's name tells whether its process is still alive:
// "<host>+<boot>/<pid>.<start time>/<number>"; inside a container
// "<host>+<boot>+<its process namespace>/…". The boot is that of /proc/sys/kernel/random/boot_id.
[[nodiscard]] std::string worker_name(int number);
// The part of a worker's name before the number, for any process of this machine.
[[nodiscard]] std::string process_name(int pid);
// Frees at once the operations held by workers of this machine, boot and process namespace whose
// process is gone; those of any other wait until their leases expire, whatever their host name.
// Returns how many operations were freed.
int release_dead_workers(pg::Connection& connection);

// Gives back operations that were claimed under this name but are not being run, because the reply
// to the claim was lost. The attempt is not counted. Only that worker itself may call it.
int give_back(pg::Connection& connection, const std::string& worker);

}  // namespace devy::queue
