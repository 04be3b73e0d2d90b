#pragma once
// Publishing's own records, as the table of systems asks about them. Throws what pg::Connection
// throws.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::publishing {

// The records besides operations that are deleted when they are old; and those of the operations
// that blogs still need (store/prune.hpp).
[[nodiscard]] std::vector<queue::Prunable> prunable_records();
[[nodiscard]] std::vector<std::string> operations_needed(pg::Connection& connection,
                                                         const std::vector<std::string>& ids);

// "username/slug" of the blogs that uploads are about, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::publishing
