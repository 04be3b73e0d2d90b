#pragma once
// The statements of a publish: they read what the blog holds and write one plan. The caller owns
// the fenced transaction; the write_* functions run in its pipeline
// (pg::Connection::begin_pipeline). Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/plan/link_places.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/post/document.hpp"
#include "core/publishing/store/publish_target.hpp"

namespace devy::publishing {

[[nodiscard]] std::vector<plan::KnownPost> known_posts(pg::Connection& connection,
                                                       const base::BlogId& blog);
// Returns the Markdown bodies of some posts, ordered by path, for similarity detection.
struct PostText {
  std::string path, markdown;
};
[[nodiscard]] std::vector<PostText> post_texts(pg::Connection& connection, const base::BlogId& blog,
                                               const std::vector<std::string>& paths);

void delete_posts(pg::Connection& connection, const PublishTarget& target,
                  const std::vector<base::PostId>& posts);
void relocate_post(pg::Connection& connection, const PublishTarget& target,
                   const plan::Relocation& relocation);
// Values that a post gets besides its document.
struct PostKeys {
  base::PostId id;
  std::string
      preview_token;  // for a post that readers do not see yet, or not always, and that has none
  // Its date where none is written. Empty: the one that it has, or that of the target's commit.
  std::optional<base::TimePoint> first_commit_at = {};
  plan::DateSource undated = plan::DateSource::commit;  // its source where both are empty
};
// Dates a post that is not written otherwise.
void redate_post(pg::Connection& connection, const PublishTarget& target, const base::PostId& post,
                 base::TimePoint first_commit_at);
// Asks no more for the dates that were pending.
void settle_dates(pg::Connection& connection, const PublishTarget& target);
// `links` are the resolved links of the document.
void write_post(pg::Connection& connection, const PublishTarget& target, const plan::Write& write,
                const PostKeys& keys, const post::Document& document, const plan::PostLinks& links);
// Replaces all file errors of the blog with the current ones.
void write_file_errors(pg::Connection& connection, const PublishTarget& target,
                       const std::vector<plan::FileProblem>& problems);

}  // namespace devy::publishing
