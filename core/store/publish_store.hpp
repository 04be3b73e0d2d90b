#pragma once
// The statements of a publish: what the blog holds, and the writes of one plan. The caller owns the
// fenced transaction; write_* run in its pipeline (pg::Connection::begin_pipeline). Throws what
// pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/markdown/document.hpp"
#include "core/pg/connection.hpp"
#include "core/publish/link_places.hpp"
#include "core/publish/plan.hpp"

namespace devy::store {

struct PublishTarget {
  base::BlogId blog;
  base::UploadId upload;
  std::string commit;
  base::TimePoint committed_at;  // a new post's date when nothing else gives one
  std::string origin;
};

[[nodiscard]] std::vector<publish::KnownPost> known_posts(pg::Connection& connection,
                                                          const base::BlogId& blog);
// Markdown bodies of some posts, by path, for similarity detection.
struct PostText {
  std::string path, markdown;
};
[[nodiscard]] std::vector<PostText> post_texts(pg::Connection& connection, const base::BlogId& blog,
                                               const std::vector<std::string>& paths);

void delete_posts(pg::Connection& connection, const PublishTarget& target,
                  const std::vector<base::PostId>& posts);
void relocate_post(pg::Connection& connection, const PublishTarget& target,
                   const publish::Relocation& relocation);
struct PostKeys {
  base::PostId id;
  std::string preview_token;  // for a draft that has none yet
};
// The aliases of posts that are about to be written anew; write_post() says again which there are.
void drop_aliases(pg::Connection& connection, const std::vector<publish::Write>& writes);
// With the redirects of the front matter's aliases. `links` are the document's, filled in.
void write_post(pg::Connection& connection, const PublishTarget& target,
                const publish::Write& write, const PostKeys& keys,
                const markdown::Document& document, const publish::PostLinks& links);
// The redirects of slugs that change. Before the posts are written: their aliases count more.
void write_old_slugs(pg::Connection& connection, const PublishTarget& target,
                     const std::vector<publish::Write>& writes);
// After them: a real page beats a redirect.
void drop_beaten_redirects(pg::Connection& connection, const PublishTarget& target);
// The current ones, in place of all there were.
void write_file_errors(pg::Connection& connection, const PublishTarget& target,
                       const std::vector<publish::FileProblem>& problems);

struct HeadUpdate {
  std::optional<std::string> name, description;
  std::string settings_json;
  std::optional<std::string> link_digest;  // nothing: the next upload looks at all links
  bool is_pinned = false;  // a rollback: reconcile leaves it alone until the next push
};
void move_head(pg::Connection& connection, const PublishTarget& target, const HeadUpdate& update);

// A blog's head and its settings as of then.
struct HeadState {
  std::optional<std::string> commit, origin, pinned_commit, link_digest;
  std::string settings_json;
  std::optional<std::int64_t> pack_bytes;  // of the last fetch of the repository with every file
};
[[nodiscard]] HeadState head_state(pg::Connection& connection, const base::BlogId& blog);

struct HeadCounts {
  std::int64_t posts = 0;  // without those whose file is in error
  std::int64_t file_errors = 0;
};
[[nodiscard]] HeadCounts head_counts(pg::Connection& connection, const base::BlogId& blog);

}  // namespace devy::store
