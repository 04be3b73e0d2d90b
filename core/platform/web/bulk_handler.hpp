#pragma once
// The platform's own kind of operation: an act of an operator on more operations than one
// transaction should lock (bulk_store.hpp). A worker does them a batch at a time, each in a
// transaction of its own: whoever is killed goes on with the batch that was not committed, and a
// cancel leaves the rest as it is.
//
// A value; its functions may be called from any thread.

#include "core/platform/queue/kind.hpp"

namespace devy::web {

// So many operations are locked at once.
inline constexpr int bulk_batch = 50;

[[nodiscard]] queue::Kind bulk_operation_kind();

}  // namespace devy::web
