#pragma once
// Which operation a process that runs them itself (`--here`) takes next for a task, a comment or a
// connection. Reads alone. Throws what pg::Connection throws; one thread a connection.

#include <optional>
#include <string>

#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

// Due now and held back by no gate: of the record's own, its task's, or those of comments that go
// before it.
[[nodiscard]] std::optional<base::OperationId> due_for_record(pg::Connection& connection,
                                                              const std::string& record_id);
// Likewise the connection's, the mirror's for its repository, and those of its records that bring
// news, or tasks that are sent by the first sync.
[[nodiscard]] std::optional<base::OperationId> due_for_connection(pg::Connection& connection,
                                                                  const std::string& connection_id);

}  // namespace devy::sync
