#pragma once
// Publishing's own records, as the table of systems asks about them. Throws what pg::Connection
// throws.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::publishing {

// Deletes old uploads and what belongs to them, in the caller's transaction (store/prune.hpp).
[[nodiscard]] std::vector<queue::PruneCount> prune_records(pg::Connection& connection,
                                                           const queue::PruneAges& ages);

// "username/slug" of the blogs that uploads are about, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::publishing
