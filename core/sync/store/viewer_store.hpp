#pragma once
// Viewers of projects and tasks, as far as these care: an account, and whether he sees all. Reads
// alone. Throws what pg::Connection throws; one thread a connection.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/sync/store/project_store.hpp"

namespace devy::sync {

// The account of that name, or linked to that user of GitHub; an operator's sees all. Nobody in
// particular where there is none.
struct KnownViewer : Viewer {
  std::string username;  // empty: he has no account
};
[[nodiscard]] KnownViewer find_viewer(pg::Connection& connection, const std::string& username,
                                      std::optional<std::int64_t> github_id);

// The accounts of these names, in any case, in their order. Throws Error(usage,
// "account_unknown"), which names the first that there is none of.
[[nodiscard]] std::vector<std::string> accounts_named(pg::Connection& connection,
                                                      const std::vector<std::string>& usernames);

// Tasks of a project that are to become issues and are none yet, counted up to `most`.
[[nodiscard]] std::int64_t count_unsent(pg::Connection& connection, const std::string& project_id,
                                        std::int64_t most);

}  // namespace devy::sync
