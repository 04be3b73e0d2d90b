#pragma once
// What GitHub tells about repositories: their names, branches, and that they or our access went.
// Repositories are known by GitHub's id alone; one that is not here is left alone. Each call
// belongs into the caller's transaction. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct RepositoryNews {
  std::int64_t github_id = 0;
  std::optional<std::string> owner, name, url, default_branch;
  std::optional<bool> is_private;
};
// Where it is fetched from is in `url` when GitHub's word for it may be followed.
void update_repository(pg::Connection& connection, const RepositoryNews& news);

// The connected blog of a repository, and where that is fetched from.
struct RepositoryBlog {
  base::BlogId blog;
  std::string url;
  bool follows_default_branch = false;  // no branch of its own
};
[[nodiscard]] std::optional<RepositoryBlog> find_repository_blog(pg::Connection& connection,
                                                                 std::int64_t github_id);

// Frozen: posts stay, what waits and what is recorded ends as disabled, for this reason. Thawed:
// those that were frozen for that very reason; gives their blogs.
void freeze_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                         const std::string& reason);
[[nodiscard]] std::vector<base::BlogId> thaw_repositories(
    pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
    const std::string& reason);
// All that an installation of the GitHub App speaks for, as far as pushes have told.
[[nodiscard]] std::vector<std::int64_t> repositories_of_installation(pg::Connection& connection,
                                                                     std::int64_t installation);
// Only reconcile sees its pushes from now on.
void note_hook_lost(pg::Connection& connection, std::int64_t github_id);

}  // namespace devy::store
