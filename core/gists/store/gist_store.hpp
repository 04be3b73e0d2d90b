#pragma once
// Reads gists. Throws what pg::Connection throws; one thread a connection.

#include <optional>
#include <string>
#include <vector>

#include "core/gists/store/gist.hpp"
#include "core/gists/store/user_store.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::gists {

// Those of a user with their files, the last updated first; those that are gone come only when they
// are asked for.
[[nodiscard]] std::vector<Gist> list_gists(pg::Connection& connection, const UserId& user,
                                           bool has_gone);
// By its id, or the beginning of it. Throws Error(not_found) for none, and where it is ambiguous.
[[nodiscard]] Gist find_gist(pg::Connection& connection, const std::string& id);

// The stored bytes of a file's newest version; nothing when there are none.
[[nodiscard]] std::optional<std::string> content_of(pg::Connection& connection, const FileId& file);

[[nodiscard]] json::Json gist_json(const Gist& gist);

}  // namespace devy::gists
