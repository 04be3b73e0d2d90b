#include "core/publishing/store/altered_store.hpp"

namespace devy::publishing {
namespace {

// The history has each version as it was written, and the digest what readers get. A file in error
// gives no post anew, so that what was changed of its last good version stays.
constexpr pg::Statement select_altered_posts{"select_altered_posts", R"sql(
  select p.path, v.slug
  from post p
  left join revision v on v.post_id = p.id and v.version = p.version
  where p.blog_id = $1::uuid
    and ((v.path, v.slug, v.title, v.blob) is distinct from (p.path, p.slug, p.title, p.blob)
      or (p.digest <> post_digest(p.html, p.markdown, p.summary, p.tags, p.is_draft, p.expires_at, p.cover)
          and not exists (select from file_error f where f.blog_id = p.blog_id and f.path = p.path)))
  order by p.path)sql"};

constexpr pg::Statement restore_posts_statement{"restore_posts", R"sql(
  update post p
  set path = v.path, slug = v.slug, title = v.title, blob = v.blob
  from revision v
  where p.blog_id = $1::uuid and v.post_id = p.id and v.version = p.version
    and (v.path, v.slug, v.title, v.blob) is distinct from (p.path, p.slug, p.title, p.blob))sql"};

}  // namespace

std::vector<AlteredPost> altered_posts(pg::Connection& connection, const base::BlogId& blog) {
  std::vector<AlteredPost> altered;
  for (const auto row : connection.query(select_altered_posts, pg::Params(blog.text())))
    altered.push_back({row.text("path"), row.maybe_text("slug")});
  return altered;
}

void restore_posts(pg::Connection& connection, const PublishTarget& target) {
  connection.push(restore_posts_statement, pg::Params(target.blog.text()));
}

}  // namespace devy::publishing
