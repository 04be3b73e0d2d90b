#include "daemon/web/publishing_api_reading.hpp"

#include <memory>

#include "core/platform/base/percent.hpp"
#include "core/publishing/reading/reading.hpp"
#include "daemon/web/reading_query.hpp"

namespace devy::daemon {
namespace {

using server::ReceivedRequest;

// As many parts as a slug may have in a path; one with more is asked for with its slashes encoded.
constexpr int slug_parts_max = 16;

reading::BlogAddress blog_of(const ReceivedRequest& request) {
  return {base::percent_decoded(request.path_values.at(0)),
          base::percent_decoded(request.path_values.at(1))};
}

// The parts behind those of the blog.
std::string slug_of(const ReceivedRequest& request) {
  std::string slug;
  for (std::size_t i = 2; i < request.path_values.size(); ++i) {
    if (!slug.empty()) slug += '/';
    slug += base::percent_decoded(request.path_values[i]);
  }
  return slug;
}

// Owned by each of its routes' handlers.
class ReadingApi {
 public:
  ReadingApi(SessionPool& sessions, std::string site_url)
      : sessions_(sessions), site_url_(std::move(site_url)) {}

  [[nodiscard]] http::Response blog(const ReceivedRequest& request) const {
    return read(request, [&](auto& connection, const auto& condition) {
      return reading::read_blog(connection, blog_of(request), condition);
    });
  }
  [[nodiscard]] http::Response posts(const ReceivedRequest& request) const {
    auto asked = read_post_filter(request.query);
    if (auto* refused = std::get_if<http::Response>(&asked)) return std::move(*refused);
    return read(request, [&](auto& connection, const auto& condition) {
      return reading::read_posts(connection, blog_of(request),
                                 std::get<publishing::PostFilter>(asked), condition);
    });
  }
  [[nodiscard]] http::Response post(const ReceivedRequest& request) const {
    auto asked = read_post_request(request.query);
    if (auto* refused = std::get_if<http::Response>(&asked)) return std::move(*refused);
    auto& post = std::get<reading::PostRequest>(asked);
    post.slug = slug_of(request);
    return read(request, [&](auto& connection, const auto& condition) {
      return reading::read_post(connection, blog_of(request), post, condition);
    });
  }
  [[nodiscard]] http::Response feed(const ReceivedRequest& request) const {
    return read(request, [&](auto& connection, const auto& condition) {
      return reading::read_feed(connection, blog_of(request), site_url_, condition);
    });
  }
  [[nodiscard]] http::Response sitemap(const ReceivedRequest& request) const {
    return read(request, [&](auto& connection, const auto& condition) {
      return reading::read_sitemap(connection, blog_of(request), site_url_, condition);
    });
  }
  [[nodiscard]] http::Response asset(const ReceivedRequest& request) const {
    return read(request, [&](auto& connection, const auto& condition) {
      return reading::read_asset(connection, request.path_values.at(0), condition);
    });
  }

 private:
  template <class Read>
  [[nodiscard]] http::Response read(const ReceivedRequest& request, const Read& page) const {
    http::Response response;
    sessions_.with([&](pg::Connection& connection) {
      response = page(connection, reading::Condition{request.header("If-None-Match"), {}});
    });
    return response;
  }

  SessionPool& sessions_;
  const std::string site_url_;
};

}  // namespace

std::vector<server::Route> reading_routes(SessionPool& sessions, std::string site_url) {
  // Shared by the handlers, which are copied.
  const auto api = std::make_shared<const ReadingApi>(sessions, std::move(site_url));
  std::vector<server::Route> routes;
  const auto add = [&](std::string path,
                       http::Response (ReadingApi::*act)(const ReceivedRequest&) const) {
    routes.push_back({"GET", std::move(path), 0, [api, act](const ReceivedRequest& request) {
                        return ((*api).*act)(request);
                      }});
  };
  add("/v1/blogs/*/*", &ReadingApi::blog);
  add("/v1/blogs/*/*/posts", &ReadingApi::posts);
  add("/v1/blogs/*/*/feed.atom", &ReadingApi::feed);
  add("/v1/blogs/*/*/sitemap.xml", &ReadingApi::sitemap);
  std::string path = "/v1/blogs/*/*/posts";
  for (int parts = 1; parts <= slug_parts_max; ++parts)
    add(path += "/*", &ReadingApi::post);
  add("/assets/*/*", &ReadingApi::asset);
  return routes;
}

}  // namespace devy::daemon
