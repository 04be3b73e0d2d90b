#include "core/publishing/reading/page.hpp"
#include "core/publishing/reading/post_json.hpp"

// A blog and the list of its posts; see reading.hpp.

namespace devy::reading {

using json::Json;

http::Response read_blog(pg::Connection& connection, const BlogAddress& blog,
                         const Condition& condition) {
  return page(
      connection, blog, condition, {},
      [&](const auto& key) { return publishing::read_blog_page(connection, key); },
      [](const publishing::BlogPage& found, http::Response& response) {
        auto tags = Json::array();
        for (std::size_t i = 0; i < found.tags.size(); ++i)
          tags.push(Json::object({{"tag", found.tags[i]}, {"posts", found.tag_posts[i]}}));
        response.body = Json::object({{"username", found.blog.username},
                                      {"slug", found.blog.slug},
                                      {"name", found.name.value_or(found.blog.slug)},
                                      {"description", found.description.value_or("")},
                                      {"url", blog::blog_url(name_of(found.blog))},
                                      {"head", found.blog.head_commit},
                                      {"updated_at", found.blog.head_at},
                                      {"posts", found.posts},
                                      {"tags", std::move(tags)}})
                            .compact() +
                        "\n";
      });
}

http::Response read_posts(pg::Connection& connection, const BlogAddress& blog,
                          const publishing::PostFilter& filter, const Condition& condition) {
  return page(
      connection, blog, condition, {},
      [&](const auto& key) { return publishing::read_post_list(connection, key, filter); },
      [](const publishing::PostList& found, http::Response& response) {
        const auto name = name_of(found.blog);
        auto posts = Json::array();
        for (const auto& post : found.posts)
          posts.push(post_json(post, name));
        Json cursor;
        if (found.has_more)
          cursor = publishing::to_text(
              publishing::PostCursor{found.posts.back().published_at, found.posts.back().slug});
        response.body =
            Json::object({{"posts", std::move(posts)}, {"cursor", std::move(cursor)}}).compact() +
            "\n";
      });
}

}  // namespace devy::reading
