#pragma once
// Posts that somebody else than a publish has changed, and how they are put right. The caller owns
// the fenced transaction; restore_posts() runs in its pipeline. Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/publish_target.hpp"

namespace devy::publishing {

// The posts whose rows are not what their histories say was written last: somebody else has changed
// them. `slug` is the one of the history; empty: it has none of this version.
struct AlteredPost {
  std::string path;
  std::optional<std::string> slug;
};
[[nodiscard]] std::vector<AlteredPost> altered_posts(pg::Connection& connection,
                                                     const base::BlogId& blog);
// Gives altered posts what their last revisions say: also those whose files are in error now, which
// no publish writes anew.
void restore_posts(pg::Connection& connection, const PublishTarget& target);

}  // namespace devy::publishing
