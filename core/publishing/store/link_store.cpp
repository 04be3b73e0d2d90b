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
      updated_at = clock_timestamp()
  where id = $2::uuid and blog_id = $1::uuid)sql"};

}  // namespace

std::vector<LinkedPost> linked_posts(pg::Connection& connection, const base::BlogId& blog,
                                     const std::string& after) {
  std::vector<LinkedPost> posts;
  for (const auto row :
       connection.query(select_linked_posts, pg::Params(blog.text(), after, linked_posts_max)))
    posts.push_back({base::PostId::trusted(row.text("id")), row.text("path"), row.text("links")});
  return posts;
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

}  // namespace devy::publishing
