#pragma once
// Puts right what comparing has found (core/sync/store/verify_store.hpp): what GitHub says is
// merged again, and what it was never told is sent. Throws what pg::Connection throws.

#include <cstdint>
#include <functional>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/sync/store/verify_store.hpp"

namespace devy::connections {

// Commits what the function given to it writes, in a transaction of the caller's making.
using Commit = std::function<bool(const std::function<void()>&)>;

// Records an operation for each difference, a batch in a transaction; returns how many. Wake the
// workers afterwards.
std::int64_t repair(pg::Connection& connection, const std::string& connection_id,
                    const sync::Comparison& comparison, const Commit& commit);

}  // namespace devy::connections
