#pragma once
// The links of posts that an upload does not write: read to see whether they still lead where they
// led, written where they do not. Throws what pg::Connection throws, and Error(internal) for links
// that are none of ours.

#include <optional>
#include <string>
#include <vector>

#include "core/base/id.hpp"
#include "core/pg/connection.hpp"
#include "core/publish/link_places.hpp"

namespace devy::store {

struct LinkedPost {
  base::PostId id;
  std::string path;
  std::string links_json;  // read by post_links()
};
// At most linked_posts_max of those with links, by path in the database's order, behind `after`
// (empty: from the first).
inline constexpr int linked_posts_max = 200;
[[nodiscard]] std::vector<LinkedPost> linked_posts(pg::Connection& connection,
                                                   const base::BlogId& blog,
                                                   const std::string& after);
[[nodiscard]] publish::PostLinks post_links(const LinkedPost& post);
[[nodiscard]] std::string post_html(pg::Connection& connection, const base::PostId& post);

struct LinkUpdate {
  base::PostId post;
  std::string html;
  publish::PostLinks links;
};
// In the pipeline of a publish. The file did not change, so the version stays and history has no
// entry; updated_at moves, because what readers get did change.
void write_links(pg::Connection& connection, const base::BlogId& blog, const LinkUpdate& update);

}  // namespace devy::store
