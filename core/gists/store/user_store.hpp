#pragma once
// Tracked users as the database has them. Throws what pg::Connection throws; one thread a
// connection.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::gists {

// The logins whose gists operations are about, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> logins_of(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::gists
