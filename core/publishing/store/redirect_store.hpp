#pragma once
// The old addresses of posts, as a publish leaves them. The caller owns the fenced transaction;
// what writes runs in its pipeline (pg::Connection::begin_pipeline). Throws what pg::Connection
// throws.

#include <string>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/plan/redirects.hpp"
#include "core/publishing/store/publish_target.hpp"

namespace devy::publishing {

// The paths of posts to which an old address leads no more, or that have one that they never had.
[[nodiscard]] std::vector<std::string> posts_of_altered_redirects(pg::Connection& connection,
                                                                  const base::BlogId& blog);
// Drops the redirects that the posts about to be written leave no place for: their aliases, since
// the front matter states the current ones, and those at the addresses that they will have.
void drop_redirects(pg::Connection& connection, const PublishTarget& target,
                    const std::vector<plan::Write>& writes);
// Writes one of plan::find_redirects(), which decides what takes precedence. Call it after the
// posts are written and drop_redirects() was called.
void write_redirect(pg::Connection& connection, const PublishTarget& target,
                    const plan::Redirect& redirect, const base::PostId& post);
// Has aliases and former slugs lead to their posts again that a page, or another post's alias, had
// and has no more. A repair drops the redirects that no post ever had, too. Call it when all others
// are written.
void return_redirects(pg::Connection& connection, const PublishTarget& target);

}  // namespace devy::publishing
