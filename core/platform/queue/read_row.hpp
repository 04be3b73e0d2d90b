#pragma once
// Converts columns of the queue's result rows into the queue's types. Internal to core/queue; pure.
// Throws Error(internal) for a state that this program does not know.

#include <optional>

#include "core/platform/pg/result.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

[[nodiscard]] OperationId read_id(const pg::Row& row, const char* column);
[[nodiscard]] std::optional<OperationId> read_maybe_id(const pg::Row& row, const char* column);
[[nodiscard]] State read_state(const pg::Row& row, const char* column);

}  // namespace devy::queue
