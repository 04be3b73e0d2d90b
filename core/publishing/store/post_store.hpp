#pragma once
// Reads posts as readers and operators see them; core/publish and publish_store write them. Throws
// what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::publishing {

struct Post {
  base::PostId id;
  std::string blog;  // "username/slug"
  std::string slug, path, title, summary;
  std::vector<std::string> tags, authors;
  base::TimePoint published_at;
  // Set for a date that was written without a time: it is shown as this day in every time zone.
  std::optional<std::chrono::sys_days> published_on;
  std::optional<base::TimePoint> revised_at;  // the front matter's `updated`
  std::optional<std::chrono::sys_days> revised_on;
  std::optional<base::TimePoint> expires_at;
  bool is_draft = false, is_visible = true;
  std::optional<std::string>
      preview_token;  // set for a draft, and with a date to come or an expiry
  std::optional<std::string> cover, canonical, lang;
  std::uint32_t word_count = 0;
  std::string blob, commit;
  base::TimePoint updated_at;
  std::vector<std::string> url_aliases;
  int version = 1;
  // These are filled by find_post() only.
  std::string markdown, html, front_matter_json, toc_json;
  std::string title_id;  // see post::Document
};

// The newest come first; of one time, by their paths as people count (2 before 10). Drafts are
// included only when asked for; future and expired posts are listed as not visible.
[[nodiscard]] std::vector<Post> list_posts(pg::Connection& connection, const Blog& blog,
                                           bool with_drafts,
                                           std::optional<int> limit = std::nullopt);
// Finds a post by its slug, by an old slug that redirects, or by one of its aliases in any written
// form (a path, a whole URL). Throws Error(not_found).
[[nodiscard]] Post find_post(pg::Connection& connection, const Blog& blog, const std::string& slug);

struct RevisionRow {
  int version = 1;
  std::string change, path, slug, title, blob, commit;
  std::optional<base::OperationId> upload;
  base::TimePoint at;
};
// The newest come first. A deleted post has revisions, too.
[[nodiscard]] std::vector<RevisionRow> list_revisions(pg::Connection& connection, const Blog& blog,
                                                      const std::string& slug);

}  // namespace devy::publishing
