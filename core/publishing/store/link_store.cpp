#include "core/publishing/store/link_store.hpp"

#include "core/publishing/store/link_json.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement select_linked_posts{"select_linked_posts", R"sql(
  select id, path, links from post
  where blog_id = $1::uuid and links is not null and path > $2::text
  order by path
  limit $3::integer)sql"};

constexpr pg::Statement select_post_html{"select_post_html", R"sql(
  select html from post where id = $1::uuid)sql"};

constexpr pg::Statement update_post_links{"update_post_links", R"sql(
  update post
  set html = $3::text, links = $4::jsonb, cover = case when $5::boolean then $6::text else cover end,
      digest = post_digest($3::text, markdown, summary, tags, is_draft, expires_at,
                           case when $5::boolean then $6::text else cover end),
      updated_at = clock_timestamp()
  where id = $2::uuid and blog_id = $1::uuid)sql"};

constexpr pg::Statement select_linked_anchors{"select_linked_anchors", R"sql(
  select t.path, t.anchors from post t
  where t.blog_id = $1::uuid and t.path = any ($2::text[])
    and exists (select from post_place l where l.blog_id = t.blog_id and l.path = t.path))sql"};

constexpr pg::Statement select_post_anchors{"select_post_anchors", R"sql(
  select path, anchors from post where blog_id = $1::uuid and path = any ($2::text[]))sql"};

constexpr pg::Statement select_posts_linking_places{"select_posts_linking_places", R"sql(
  select id, path, links from post
  where blog_id = $1::uuid and links is not null and path > $3::text
    and id in (select post_id from post_place where blog_id = $1::uuid and path = any ($2::text[]))
  order by path
  limit $4::integer)sql"};

constexpr pg::Statement delete_post_places{"delete_post_places", R"sql(
  delete from post_place where post_id = any ($1::uuid[]))sql"};

constexpr pg::Statement insert_post_places{"insert_post_places", R"sql(
  insert into post_place (post_id, blog_id, path)
  select distinct $1::uuid, $2::uuid, path from unnest($3::text[]) path)sql"};

std::vector<LinkedPost> to_linked_posts(const pg::Result& rows) {
  std::vector<LinkedPost> posts;
  for (const auto row : rows)
    posts.push_back({base::PostId::trusted(row.text("id")), row.text("path"), row.text("links")});
  return posts;
}

std::vector<PostAnchors> to_post_anchors(const pg::Result& rows) {
  std::vector<PostAnchors> posts;
  for (const auto row : rows) {
    auto& post = posts.emplace_back(PostAnchors{row.text("path"), std::nullopt});
    if (!row.is_null("anchors")) post.anchors = row.texts("anchors");
  }
  return posts;
}

}  // namespace

std::vector<LinkedPost> linked_posts(pg::Connection& connection, const base::BlogId& blog,
                                     const std::string& after) {
  return to_linked_posts(
      connection.query(select_linked_posts, pg::Params(blog.text(), after, linked_posts_max)));
}

std::vector<PostAnchors> linked_anchors(pg::Connection& connection, const base::BlogId& blog,
                                        const std::vector<std::string>& paths) {
  return to_post_anchors(connection.query(select_linked_anchors, pg::Params(blog.text(), paths)));
}

std::vector<PostAnchors> post_anchors(pg::Connection& connection, const base::BlogId& blog,
                                      const std::vector<std::string>& paths) {
  return to_post_anchors(connection.query(select_post_anchors, pg::Params(blog.text(), paths)));
}

std::vector<LinkedPost> posts_linking_places(pg::Connection& connection, const base::BlogId& blog,
                                             const std::vector<std::string>& paths,
                                             const std::string& after) {
  return to_linked_posts(connection.query(select_posts_linking_places,
                                          pg::Params(blog.text(), paths, after, linked_posts_max)));
}

plan::PostLinks post_links(const LinkedPost& post) {
  return post_links_from_json(post.links_json);
}

std::string post_html(pg::Connection& connection, const base::PostId& post) {
  return connection.one(select_post_html, pg::Params(post.text()))[0].text("html");
}

void write_links(pg::Connection& connection, const base::BlogId& blog, const LinkUpdate& update) {
  const auto& cover = update.links.cover;
  connection.push(update_post_links,
                  pg::Params(blog.text(), update.post.text(), update.html, to_json(update.links),
                             cover.has_value(), cover ? cover->url : std::nullopt));
}

void release_places(pg::Connection& connection, const std::vector<base::PostId>& posts) {
  if (posts.empty()) return;
  std::vector<std::string> ids;
  ids.reserve(posts.size());
  for (const auto& post : posts)
    ids.push_back(post.text());
  connection.push(delete_post_places, pg::Params(ids));
}

void use_places(pg::Connection& connection, const base::BlogId& blog, const base::PostId& post,
                const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  connection.push(insert_post_places, pg::Params(post.text(), blog.text(), paths));
}

}  // namespace devy::publishing
