#pragma once
// Applies what GitHub reports about repositories: names, branches, and that the repository or our
// access to it was removed. A repository is identified by GitHub's id alone; an unknown one is
// ignored. Each call belongs in the caller's transaction. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct RepositoryUpdate {
  std::int64_t github_id = 0;
  std::optional<std::string> owner, name, url, default_branch;
  std::optional<bool> is_private;
};
// `url` is set only when GitHub's report may be followed; the repository is then fetched from
// there.
void update_repository(pg::Connection& connection, const RepositoryUpdate& update);

// The connected blog of a repository, and the address from which it is fetched.
struct RepositoryBlog {
  base::BlogId blog;
  std::string url;
  bool follows_default_branch = false;  // the blog has no branch of its own
};
[[nodiscard]] std::optional<RepositoryBlog> find_repository_blog(pg::Connection& connection,
                                                                 std::int64_t github_id);

// Freezing keeps the posts; operations that wait or are recorded end as disabled, for this reason.
// Thawing applies only to repositories that were frozen for that very reason; it returns their
// blogs.
void freeze_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                         const std::string& reason);
[[nodiscard]] std::vector<base::BlogId> thaw_repositories(
    pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
    const std::string& reason);
// Lists all repositories of an installation of the GitHub App, as far as pushes have revealed them.
[[nodiscard]] std::vector<std::int64_t> repositories_of_installation(pg::Connection& connection,
                                                                     std::int64_t installation);
// Records that the webhook is gone: only reconcile notices pushes of this repository from now on.
void note_hook_lost(pg::Connection& connection, std::int64_t github_id);

// "username/slug" of the blogs of repositories, by GitHub's id; a disconnected one too.
[[nodiscard]] std::map<std::int64_t, std::string> blogs_of_repositories(
    pg::Connection& connection, const std::vector<std::int64_t>& github_ids);

// ---- for lost deliveries

struct ConnectedRepository {
  base::RepositoryId id;
  std::string url;
};
// The repositories of connected blogs at that host that can be reached.
[[nodiscard]] std::vector<ConnectedRepository> connected_repositories(pg::Connection& connection,
                                                                      const std::string& host);
// The connected blog of a repository, by the text of its id.
[[nodiscard]] std::optional<base::BlogId> blog_of_repository(pg::Connection& connection,
                                                             const std::string& repository);

}  // namespace devy::publishing
