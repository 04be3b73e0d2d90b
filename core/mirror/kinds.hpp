#pragma once
// The mirror as the table of systems knows it: its kinds of operations, how their subjects are
// called, and what else is deleted when it is old. Values; any thread.

#include <map>
#include <string>
#include <vector>

#include "core/mirror/store/row_observer.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::mirror {

// The observers, which outlive the kinds, hear of the rows that operations change.
[[nodiscard]] std::vector<queue::Kind> operation_kinds(const RowObservers& observers);

// Its records besides operations that are deleted when they are old: changes in the feed.
[[nodiscard]] std::vector<queue::Prunable> prunable_records();

// "alice/notes/issues", by the operation's id. Throws what pg::Connection throws.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::mirror
