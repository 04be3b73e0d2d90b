#pragma once
// The repositories of GitHub that the mirror knows, by their names. Reads alone. Throws what
// pg::Connection throws; one thread a connection.

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/pg/connection.hpp"

namespace devy::sync {

// GitHub's id of "owner/name", in any case; nothing: the mirror knows none of that name.
[[nodiscard]] std::optional<std::int64_t> find_repository_id(pg::Connection& connection,
                                                             const std::string& full_name);

}  // namespace devy::sync
