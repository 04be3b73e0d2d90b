#pragma once
// Columns of the queue's answers as the queue's types. Internal to core/queue; pure.
// Throws Error(internal) for a state this program does not know.

#include <optional>

#include "core/pg/result.hpp"
#include "core/queue/operation.hpp"

namespace devy::queue {

[[nodiscard]] OperationId read_id(const pg::Row& row, const char* column);
[[nodiscard]] std::optional<OperationId> read_maybe_id(const pg::Row& row, const char* column);
[[nodiscard]] State read_state(const pg::Row& row, const char* column);

}  // namespace devy::queue
