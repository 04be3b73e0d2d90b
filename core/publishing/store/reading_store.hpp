#pragma once
// Reads what readers of a blog may see, one statement a page; post_store.hpp reads for operators.
// Whoever runs it needs no more than SELECT on
//   account     id, username
//   blog        id, account_id, slug, is_connected, name, description, settings, head_commit,
//               head_origin, head_at, created_at
//   post        all columns but path, links, blob, commit, origin, file_bytes, slug_basis, aliases,
//               anchors, date_source, version
//   redirect    blog_id, slug, post_id
//   asset       sha256, media_type, bytes
//   blog_asset  blog_id, sha256
// and EXECUTE of post_order, is_post_visible and next_visibility_change
// (core/publishing/reading.sql).
//
// `now` is the time at which visibility is decided; empty: the database's. Throws what
// pg::Connection throws. Any thread, with a session of its own.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct BlogKey {
  std::string_view username, slug;
  std::optional<base::TimePoint> now;
};

// Everything that a blog's pages depend on, besides the program.
struct ReadableBlog {
  base::BlogId id;
  std::string username, slug;
  bool is_connected = true;
  std::optional<std::string> head_commit, head_origin;
  std::optional<base::TimePoint> head_at;
  // The next time at which a post appears or expires. While the head stays, it names what is
  // visible.
  std::optional<base::TimePoint> changes_at;
};
[[nodiscard]] std::optional<ReadableBlog> find_readable_blog(pg::Connection& connection,
                                                             const BlogKey& key);

inline constexpr int tags_max = 500;

struct BlogPage {
  ReadableBlog blog;
  std::optional<std::string> name, description;
  std::int64_t posts = 0;
  std::vector<std::string> tags;  // the most frequent first, at most tags_max
  std::vector<std::int64_t> tag_posts;
};
[[nodiscard]] std::optional<BlogPage> read_blog_page(pg::Connection& connection,
                                                     const BlogKey& key);

// A place in a blog's list: behind the post of that date and slug, whether it still exists or not.
struct PostCursor {
  base::TimePoint published_at;
  std::string slug;
};
// Text of digits and letters, safe in a query; nothing for text that is no cursor.
[[nodiscard]] std::string to_text(const PostCursor& cursor);
[[nodiscard]] std::optional<PostCursor> parse_post_cursor(std::string_view text);

inline constexpr int list_posts_max = 100, list_posts_default = 20;

struct PostFilter {
  std::optional<std::string> tag, author, lang;
  std::optional<PostCursor> before;
  int limit = list_posts_default;  // 1 … list_posts_max
};

struct ReadablePost {
  base::PostId id;
  std::string slug, title, summary;
  std::vector<std::string> tags, authors;
  base::TimePoint published_at;
  std::optional<std::chrono::sys_days> published_on;  // written without a time
  std::optional<base::TimePoint> revised_at;
  std::optional<std::chrono::sys_days> revised_on;
  std::optional<std::string> cover, lang;
  std::uint32_t word_count = 0;
};

struct PostList {
  ReadableBlog blog;
  std::vector<ReadablePost> posts;
  bool has_more = false;
};
[[nodiscard]] std::optional<PostList> read_post_list(pg::Connection& connection, const BlogKey& key,
                                                     const PostFilter& filter);

struct Neighbour {
  std::string slug, title;
};
// A post, or another one to which its address leads now.
struct FoundPost {
  ReadablePost post;
  bool is_visible = true;  // false: the token was right
  std::optional<std::string> canonical;
  std::string html, markdown, front_matter_json, toc_json, title_id;
  std::optional<Neighbour> older, newer;
};
struct PostPage {
  ReadableBlog blog;
  // Nothing: there is none, or it is not visible. Of a post with another slug than the one that was
  // asked for, the texts are not read.
  std::optional<FoundPost> found;
};
enum class PostForm { html, markdown };
struct PostKey {
  std::string_view slug;
  std::string_view normal_slug;  // the same address in the form of slugs
  std::string_view preview;      // a token; empty: none
  PostForm form = PostForm::html;
};
[[nodiscard]] std::optional<PostPage> read_post_page(pg::Connection& connection, const BlogKey& key,
                                                     const PostKey& post);

struct FeedPost {
  ReadablePost post;
  std::string html;  // empty where there would be too much in all
};
struct FeedPage {
  ReadableBlog blog;
  std::optional<std::string> name, description;
  base::TimePoint created_at;
  std::vector<FeedPost> posts;
};
struct FeedLimits {
  int posts_max = 0;
  std::int64_t html_bytes_max = 0;  // of all posts; one that would exceed it comes without
};
[[nodiscard]] std::optional<FeedPage> read_feed_page(pg::Connection& connection, const BlogKey& key,
                                                     const FeedLimits& limits);

struct SitemapPost {
  std::string slug;
  base::TimePoint changed_at;
  std::optional<std::chrono::sys_days> changed_on;
};
struct SitemapPage {
  ReadableBlog blog;
  std::optional<std::string> timezone;  // of devy.toml
  std::vector<SitemapPost> posts;       // the newest first
};
[[nodiscard]] std::optional<SitemapPage> read_sitemap_page(pg::Connection& connection,
                                                           const BlogKey& key, int posts_max);

// A file that a connected blog uses. Without a body only what it is.
struct ReadableAsset {
  std::string media_type;
  std::string bytes;
};
enum class AssetBody { with, without };
[[nodiscard]] std::optional<ReadableAsset> read_readable_asset(pg::Connection& connection,
                                                               const base::Sha256& sha256,
                                                               AssetBody body);

}  // namespace devy::publishing
