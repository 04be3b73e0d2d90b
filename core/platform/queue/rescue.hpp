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

// A worker's name tells whether its process is still alive: "<host>/<pid>.<start time>/<number>".
// Inside a container the host part is "<host>+<its process namespace>".
[[nodiscard]] std::string worker_name(int number);
// The part of a worker's name before the number, for any process of this machine.
[[nodiscard]] std::string process_name(int pid);
// Frees at once the operations held by workers of this host whose process is gone. Returns how many
// operations were freed.
int release_dead_workers(pg::Connection& connection);

// Gives back operations that were claimed under this name but are not being run, because the reply
// to the claim was lost. The attempt is not counted. Only that worker itself may call it.
int give_back(pg::Connection& connection, const std::string& worker);

}  // namespace devy::queue
