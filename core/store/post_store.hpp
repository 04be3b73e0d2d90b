#pragma once
// Posts as readers and operators see them. Writing is core/publish's and publish_store's business.
// Throws what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/pg/connection.hpp"
#include "core/store/blog_store.hpp"

namespace devy::store {

struct Post {
  base::PostId id;
  std::string blog;  // "username/slug"
  std::string slug, path, title, summary;
  std::vector<std::string> tags, authors;
  base::TimePoint published_at;
  // Of a date that was written without a time: it shows as this day wherever the reader is.
  std::optional<std::chrono::sys_days> published_on;
  std::optional<base::TimePoint> revised_at;  // the front matter's `updated`
  std::optional<std::chrono::sys_days> revised_on;
  std::optional<base::TimePoint> expires_at;
  bool is_draft = false, is_visible = true;
  std::optional<std::string> preview_token;  // of a draft
  std::optional<std::string> cover, canonical, lang;
  std::uint32_t word_count = 0;
  std::string blob, commit;
  base::TimePoint updated_at;
  std::vector<std::string> url_aliases;
  int version = 1;
  // Filled by find_post() only.
  std::string markdown, html, front_matter_json, toc_json;
};

// Newest first. Drafts only when asked for; future and expired posts are listed as not visible.
[[nodiscard]] std::vector<Post> list_posts(pg::Connection& connection, const Blog& blog,
                                           bool with_drafts);
// By slug, by an old slug that redirects, or by what names one of them as an alias does (a path, a
// whole URL). Throws Error(not_found).
[[nodiscard]] Post find_post(pg::Connection& connection, const Blog& blog, const std::string& slug);

struct RevisionRow {
  int version = 1;
  std::string change, path, slug, title, blob, commit;
  std::optional<base::OperationId> upload;
  base::TimePoint at;
};
// Newest first; also of a post that was deleted.
[[nodiscard]] std::vector<RevisionRow> list_revisions(pg::Connection& connection, const Blog& blog,
                                                      const std::string& slug);

}  // namespace devy::store
