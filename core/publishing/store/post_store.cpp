#include "core/publishing/store/post_store.hpp"

#include <algorithm>

#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/natural_order.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::publishing {
namespace {

using base::Error;
using base::ErrorKind;

Post read_post(const pg::Row& row, const Blog& blog) {
  Post post;
  post.id = base::PostId::trusted(row.text("id"));
  post.blog = blog.address();
  post.slug = row.text("slug");
  post.path = row.text("path");
  post.title = row.text("title");
  post.summary = row.text("summary");
  post.tags = row.texts("tags");
  post.authors = row.texts("authors");
  post.published_at = row.time("published_at");
  post.published_on = base::parse_day(row.view("published_on"));
  post.revised_at = row.maybe_time("revised_at");
  post.revised_on = base::parse_day(row.view("revised_on"));
  post.expires_at = row.maybe_time("expires_at");
  post.is_draft = row.boolean("is_draft");
  post.is_visible = row.boolean("is_visible");
  post.preview_token = row.maybe_text("preview_token");
  post.cover = row.maybe_text("cover");
  post.canonical = row.maybe_text("canonical");
  post.lang = row.maybe_text("lang");
  post.word_count = static_cast<std::uint32_t>(row.integer("word_count"));
  post.blob = row.text("blob");
  post.commit = row.text("commit");
  post.updated_at = row.time("updated_at");
  post.url_aliases = row.texts("url_aliases");
  post.version = static_cast<int>(row.integer("version"));
  return post;
}

constexpr pg::Statement select_posts{"select_posts", R"sql(
  select p.id, p.slug, p.path, p.title, p.summary, p.tags, p.authors, p.published_at, p.published_on,
         p.revised_at, p.revised_on, p.expires_at, p.is_draft, p.preview_token, p.cover, p.canonical,
         p.lang, p.word_count, p.blob, p.commit, p.updated_at, p.version,
         not p.is_draft and p.published_at <= now() and (p.expires_at is null or p.expires_at > now())
           as is_visible,
         array(select r.slug from redirect r where r.post_id = p.id order by r.slug) as url_aliases
  from post p
  where p.blog_id = $1::uuid and ($2::boolean or not p.is_draft)
  order by p.published_at desc, p.path
  limit $3::integer)sql"};

constexpr pg::Statement select_post{"select_post", R"sql(
  select p.id, p.slug, p.path, p.title, p.summary, p.tags, p.authors, p.published_at, p.published_on,
         p.revised_at, p.revised_on, p.expires_at, p.is_draft, p.preview_token, p.cover, p.canonical,
         p.lang, p.word_count, p.blob, p.commit, p.updated_at, p.version,
         not p.is_draft and p.published_at <= now() and (p.expires_at is null or p.expires_at > now())
           as is_visible,
         array(select r.slug from redirect r where r.post_id = p.id order by r.slug) as url_aliases,
         p.markdown, p.html, p.front_matter, p.toc, p.title_id
  from post p
  where p.blog_id = $1::uuid
    and p.id = coalesce(
      (select id from post where blog_id = $1::uuid and slug = $2::text),
      (select post_id from redirect where blog_id = $1::uuid and slug = $2::text)))sql"};

constexpr pg::Statement select_revisions{"select_revisions", R"sql(
  select v.version, v.change, v.path, v.slug, v.title, v.blob, v.commit, v.operation_id, v.at
  from revision v
  where v.blog_id = $1::uuid
    and v.post_id in (
      select id from post where blog_id = $1::uuid and slug = $2::text
      union select post_id from redirect where blog_id = $1::uuid and slug = $2::text
      union select post_id from revision where blog_id = $1::uuid and slug = $2::text
              and not exists (select from post where blog_id = $1::uuid and slug = $2::text))
  order by v.at desc, v.version desc
  limit 1000)sql"};

constexpr int suggested_posts_max = 1'000;  // that are looked at for the nearest slug

[[noreturn]] void throw_no_post(pg::Connection& connection, const Blog& blog,
                                const std::string& slug) {
  std::vector<std::string> known;
  for (const auto& post : list_posts(connection, blog, true, suggested_posts_max))
    known.push_back(post.slug);
  const auto near = base::closest_name(slug, std::span<const std::string>(known));
  throw Error(ErrorKind::not_found, "unable to find post '" + slug + "' in " + blog.address(),
              (near ? "Did you mean `" + std::string(*near) + "`? " : std::string()) +
                  "List them with `devy-upload posts " + blog.address() + " --drafts`.",
              "post_not_found");
}

}  // namespace

std::vector<Post> list_posts(pg::Connection& connection, const Blog& blog, bool with_drafts,
                             std::optional<int> limit) {
  std::vector<Post> posts;
  for (const auto row :
       connection.query(select_posts, pg::Params(blog.id.text(), with_drafts, limit)))
    posts.push_back(read_post(row, blog));
  // Files without dates often share one, and are often numbered.
  std::ranges::stable_sort(posts, [](const Post& left, const Post& right) {
    if (left.published_at != right.published_at) return left.published_at > right.published_at;
    return base::natural_order(left.path, right.path) < 0;
  });
  return posts;
}

Post find_post(pg::Connection& connection, const Blog& blog, const std::string& slug) {
  auto found = connection.maybe(select_post, pg::Params(blog.id.text(), slug));
  const auto named = post::slug_of_address(slug);
  if (!found && named && *named != slug)
    found = connection.maybe(select_post, pg::Params(blog.id.text(), *named));
  if (!found) throw_no_post(connection, blog, slug);
  const auto row = (*found)[0];
  auto post = read_post(row, blog);
  post.markdown = row.text("markdown");
  post.html = row.text("html");
  post.front_matter_json = row.text("front_matter");
  post.toc_json = row.text("toc");
  post.title_id = row.text("title_id");
  return post;
}

std::vector<RevisionRow> list_revisions(pg::Connection& connection, const Blog& blog,
                                        const std::string& slug) {
  std::vector<RevisionRow> revisions;
  for (const auto row : connection.query(select_revisions, pg::Params(blog.id.text(), slug))) {
    RevisionRow revision{static_cast<int>(row.integer("version")),
                         row.text("change"),
                         row.text("path"),
                         row.text("slug"),
                         row.text("title"),
                         row.text("blob"),
                         row.text("commit"),
                         std::nullopt,
                         row.time("at")};
    if (const auto upload = row.maybe_text("operation_id"))
      revision.upload = base::OperationId::trusted(*upload);
    revisions.push_back(std::move(revision));
  }
  if (revisions.empty()) throw_no_post(connection, blog, slug);
  return revisions;
}

}  // namespace devy::publishing
