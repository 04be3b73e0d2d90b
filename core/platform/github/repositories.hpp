#pragma once
// Asks GitHub who a repository is. Its answer is believed, unlike what a delivery
// says (github.md, "Whom to believe"). Uses a Client, with its threads and errors; a repository
// that does not exist, or that the bearer may not see, is Error(not_found).

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/github/client.hpp"

namespace devy::github {

struct RepositoryFacts {
  std::int64_t github_id = 0;
  std::string owner, name;
  std::string clone_url, default_branch;  // empty: not said
  bool is_private = false;
  bool can_admin = false;  // the bearer's user may; false: it is not said
  std::optional<base::TimePoint> updated_at;

  [[nodiscard]] std::string full_name() const { return owner + "/" + name; }
};

// By "owner/name", even after it was renamed or moved. A null bearer sees public repositories.
[[nodiscard]] RepositoryFacts ask_repository(Client& client, const base::Secret* bearer,
                                             const std::string& repository);
// By its id, whatever it is called now. Throws for an answer about another repository.
[[nodiscard]] RepositoryFacts ask_repository(Client& client, const base::Secret* bearer,
                                             std::int64_t github_id);

}  // namespace devy::github
