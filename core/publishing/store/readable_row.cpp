#include "core/publishing/store/readable_row.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::publishing {

ReadableBlog readable_blog(const pg::Row& row, const BlogKey& key) {
  ReadableBlog blog;
  blog.id = base::BlogId::trusted(row.text("blog_id"));
  blog.username = key.username;
  blog.slug = key.slug;
  blog.is_connected = row.boolean("is_connected");
  blog.head_commit = row.maybe_text("head_commit");
  blog.head_origin = row.maybe_text("head_origin");
  blog.head_at = row.maybe_time("head_at");
  blog.changes_at = row.maybe_time("changes_at");
  return blog;
}

ReadablePost readable_post(const pg::Row& row) {
  ReadablePost post;
  post.id = base::PostId::trusted(row.text("id"));
  post.slug = row.text("slug");
  post.title = row.text("title");
  post.summary = row.text("summary");
  post.tags = row.texts("tags");
  post.authors = row.texts("authors");
  post.published_at = row.time("published_at");
  post.published_on = base::parse_day(row.view("published_on"));
  post.revised_at = row.maybe_time("revised_at");
  post.revised_on = base::parse_day(row.view("revised_on"));
  post.cover = row.maybe_text("cover");
  post.lang = row.maybe_text("lang");
  post.word_count = static_cast<std::uint32_t>(row.integer("word_count"));
  return post;
}

}  // namespace devy::publishing
