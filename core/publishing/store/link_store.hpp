#pragma once
// The links of posts that an upload does not write itself. They are read to see whether their
// targets have changed, and written where they have. Throws what pg::Connection throws, and
// Error(internal) for stored links that this program cannot read.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/plan/link_places.hpp"

namespace devy::publishing {

struct LinkedPost {
  base::PostId id;
  std::string path;
  std::string links_json;  // to be parsed by post_links()
};
// Returns at most linked_posts_max posts with links, ordered by path in the database's collation,
// that come after `after` (empty: from the first).
inline constexpr int linked_posts_max = 200;
[[nodiscard]] std::vector<LinkedPost> linked_posts(pg::Connection& connection,
                                                   const base::BlogId& blog,
                                                   const std::string& after);
[[nodiscard]] plan::PostLinks post_links(const LinkedPost& post);
[[nodiscard]] std::string post_html(pg::Connection& connection, const base::PostId& post);

// Returns those of the paths whose posts other posts link a place on, with the ids that the posts
// have; all at once.
struct PostAnchors {
  std::string path;
  std::optional<std::vector<std::string>> anchors;  // none: not known
};
[[nodiscard]] std::vector<PostAnchors> linked_anchors(pg::Connection& connection,
                                                      const base::BlogId& blog,
                                                      const std::vector<std::string>& paths);
// The same for all of the paths that have a post.
[[nodiscard]] std::vector<PostAnchors> post_anchors(pg::Connection& connection,
                                                    const base::BlogId& blog,
                                                    const std::vector<std::string>& paths);
// Returns at most linked_posts_max posts with links to places on the posts at `paths`, ordered as
// linked_posts() has them.
[[nodiscard]] std::vector<LinkedPost> posts_linking_places(pg::Connection& connection,
                                                           const base::BlogId& blog,
                                                           const std::vector<std::string>& paths,
                                                           const std::string& after);

struct LinkUpdate {
  base::PostId post;
  std::string html;
  plan::PostLinks links;
};
// Runs in the pipeline of a publish. The file did not change, so the version stays and no history
// entry is made; updated_at changes, because what readers get did change.
void write_links(pg::Connection& connection, const base::BlogId& blog, const LinkUpdate& update);

// Both run in the pipeline of a publish: the posts on whose places a post links are forgotten, and
// written anew.
void release_places(pg::Connection& connection, const std::vector<base::PostId>& posts);
void use_places(pg::Connection& connection, const base::BlogId& blog, const base::PostId& post,
                const std::vector<std::string>& paths);

}  // namespace devy::publishing
