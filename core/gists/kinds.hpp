#pragma once
// Gists as the table of systems knows them: how the subjects of their operations are called. Values;
// any thread.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::gists {

// "gists of alice", by the operation's id. Throws what pg::Connection throws.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::gists
