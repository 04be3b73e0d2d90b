#pragma once
// Healing after workers that are gone (queue.md, rule 5). Any process may do it; no leader.

#include <optional>
#include <string>

#include "core/pg/connection.hpp"
#include "core/queue/operation.hpp"

namespace devy::queue {

struct Rescued {
  OperationId id;
  State state = State::verified;  // waits again, or failed as worker_crashed
};
// One operation whose lease ran out; nothing when there is none.
[[nodiscard]] std::optional<Rescued> rescue_one(pg::Connection& connection);

// A worker's name tells whether it still lives: "<host>/<pid>.<start time>/<number>". Inside a
// container the host is "<host>+<its process namespace>".
[[nodiscard]] std::string worker_name(int number);
// The part before the number, of any process of this machine.
[[nodiscard]] std::string process_name(int pid);
// Frees at once what workers of this host hold whose process is gone. Returns how many operations.
int release_dead_workers(pg::Connection& connection);

// Gives back, without counting the attempt, what was claimed under this name and is not being run:
// the answer to the claim was lost. Only its own worker may call it.
int give_back(pg::Connection& connection, const std::string& worker);

}  // namespace devy::queue
