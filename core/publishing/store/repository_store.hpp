#pragma once
// Records what deliveries say of repositories. A repository is identified by GitHub's id alone; one
// whose id is not bound is ignored. Nothing here changes an address or binds an id: what matters is
// a claim, and a reason to ask (repository_standing.hpp). Each call belongs in the caller's
// transaction, and is one SQL function of core/publishing/schema.sql. Throws what pg::Connection
// throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

inline constexpr const char* deleted_reason = "repository deleted";
inline constexpr const char* removed_reason = "installation removed";

struct Told {
  std::int64_t github_id = 0;
  std::optional<base::TimePoint> at;  // GitHub's time of the event
  std::string default_branch;         // empty: nothing was told
  bool is_private = false;            // false: nothing was told
};
struct ToldBlog {
  std::optional<base::BlogId> blog;  // the connected one
  bool follows_default_branch = false;
};
// Returns nothing when the repository is unknown or the event is older than one that was told.
[[nodiscard]] std::optional<ToldBlog> record_told(pg::Connection& connection, const Told& told);

// Claims that matter; repository.claim in the schema has them.
enum class Claim { deleted, removed, added, moved, made_public };
[[nodiscard]] std::string_view to_string(Claim claim);
// Makes the connected blogs due to be compared with their remotes.
void claim_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                        Claim claim);

// Freezing keeps the posts; operations that wait or are recorded end as disabled, for this reason.
void freeze_repositories(pg::Connection& connection, const std::vector<std::int64_t>& github_ids,
                         const std::string& reason);
// Records that webhooks are gone: only reconcile notices pushes of these repositories from now on.
void note_hooks_lost(pg::Connection& connection, const std::vector<std::int64_t>& github_ids);

// Lists all repositories of an installation of the GitHub App, as far as they are known.
[[nodiscard]] std::vector<std::int64_t> repositories_of_installation(pg::Connection& connection,
                                                                     std::int64_t installation);

// The connected blog of a repository.
[[nodiscard]] std::optional<base::BlogId> find_repository_blog(pg::Connection& connection,
                                                               std::int64_t github_id);

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
