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
#include "core/publishing/plan/redirects.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::publishing {

struct PublishTarget {
  base::BlogId blog;
  base::UploadId upload;
  std::string commit;
  base::TimePoint committed_at;  // the date of a new post when nothing else gives one
  std::string origin;
  bool is_pinned = false;  // reconcile skips the blog until the next push
  bool is_repair = false;  // what somebody has altered is put back first
  // The remote's tip, where it has a skip marker and an older commit is published.
  std::optional<std::string> skipped_tip = {};
};

[[nodiscard]] std::vector<plan::KnownPost> known_posts(pg::Connection& connection,
                                                       const base::BlogId& blog);
// The posts whose rows are not what their histories say was written last: somebody else has changed
// them. `slug` is the one of the history; empty: it has none of this version.
struct AlteredPost {
  std::string path;
  std::optional<std::string> slug;
};
[[nodiscard]] std::vector<AlteredPost> altered_posts(pg::Connection& connection,
                                                     const base::BlogId& blog);
// The paths of posts to which an old address leads no more, or that have one that they never had.
[[nodiscard]] std::vector<std::string> posts_of_altered_redirects(pg::Connection& connection,
                                                                  const base::BlogId& blog);
// Gives altered posts what their last revisions say: also those whose files are in error now, which
// no publish writes anew.
void restore_posts(pg::Connection& connection, const PublishTarget& target);
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
// Drops the redirects that the posts about to be written leave no place for: their aliases, since
// the front matter states the current ones, and those at the addresses that they will have.
void drop_redirects(pg::Connection& connection, const PublishTarget& target,
                    const std::vector<plan::Write>& writes);
// `links` are the resolved links of the document.
void write_post(pg::Connection& connection, const PublishTarget& target, const plan::Write& write,
                const PostKeys& keys, const post::Document& document, const plan::PostLinks& links);
// Writes one of plan::find_redirects(), which decides what takes precedence. Call it after the
// posts are written and drop_redirects() was called.
void write_redirect(pg::Connection& connection, const PublishTarget& target,
                    const plan::Redirect& redirect, const base::PostId& post);
// Has aliases and former slugs lead to their posts again that a page, or another post's alias, had
// and has no more. A repair drops the redirects that no post ever had, too. Call it when all others
// are written.
void return_redirects(pg::Connection& connection, const PublishTarget& target);
// Replaces all file errors of the blog with the current ones.
void write_file_errors(pg::Connection& connection, const PublishTarget& target,
                       const std::vector<plan::FileProblem>& problems);

struct HeadUpdate {
  std::optional<std::string> name, description;
  std::string settings_json;
  std::optional<std::string> link_digest;  // empty: the next upload checks all links
};
void move_head(pg::Connection& connection, const PublishTarget& target, const HeadUpdate& update);

// The head of a blog, and the settings in effect at that commit.
struct HeadState {
  std::optional<std::string> commit, origin, pinned_commit, link_digest;
  std::optional<base::TimePoint> at;  // of the last publish, by the database's clock
  std::string settings_json;
  // Size of the last fetch of the repository with every file.
  std::optional<std::int64_t> pack_bytes;
  bool was_gone = false;                             // RepositoryStanding::was_gone
  std::optional<base::TimePoint> committed_at = {};  // of the commit, where it is still known
  std::optional<std::string> skipped_tip = {};       // ReconcileSchedule::skipped_tip
};
[[nodiscard]] HeadState head_state(pg::Connection& connection, const base::BlogId& blog);

struct HeadCounts {
  std::int64_t posts = 0;  // posts whose file is in error are not counted
  std::int64_t file_errors = 0;
};
[[nodiscard]] HeadCounts head_counts(pg::Connection& connection, const base::BlogId& blog);

}  // namespace devy::publishing
