#pragma once
// The mirror as the table of systems knows it: its kinds of operations, and how their subjects are
// called. Values; any thread.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/kind.hpp"

namespace devy::mirror {

[[nodiscard]] std::vector<queue::Kind> operation_kinds();

// "alice/notes/issues", by the operation's id. Throws what pg::Connection throws.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::mirror
