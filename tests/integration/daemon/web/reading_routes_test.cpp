// The reading API over real sockets.
#include "daemon/web/publishing_api_reading.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "core/platform/base/log.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::daemon {
namespace reading_routes_test {

class ReadingRoutes : public ::testing::Test {
 protected:
  ReadingRoutes() : sessions_(database_.conninfo(), config::Database(), "web") {
    base::log::configure(base::log::Level::error, base::log::Format::logfmt);
    {
      auto connection = pg::Connection::open(database_.conninfo(), config::Database(), "test");
      publishing::add_account(connection, "alice", true);
      publishing::connect_blog(connection, {"alice", "notes", "https://github.com/alice/notes",
                                            std::nullopt, std::nullopt});
    }
    for (const char* slug : {"a", "2024/über/x", "feed.atom"})
      execute(
          std::string(
              "insert into post (id, blog_id, path, slug, title, published_at, markdown, html, "
              "blob, commit, origin, file_bytes, date_source) select gen_random_uuid(), id, '") +
          slug + "', '" + slug +
          "', 'T', '2026-01-02', 'text', '<p>', repeat('b', 40), "
          "repeat('a', 40), 'x', 4, 'written' from blog");
    execute(R"sql(
      insert into asset (sha256, media_type, bytes) values (sha256('x'), 'text/plain; charset=utf-8', 'x');
      insert into blog_asset (blog_id, path, blob, sha256) select id, 'x', repeat('b', 40), sha256('x') from blog)sql");
    std::vector<base::Descriptor> sockets;
    sockets.push_back(server::bind_socket("127.0.0.1:0"));
    url_ = server::address_of(sockets.front().get());
    server_.emplace(server::ServerSettings{.name = "web"},
                    reading_routes(sessions_, "https://devy.example"), std::move(sockets));
    thread_ = std::jthread([this](const std::stop_token& stop) { server_->run(stop); });
  }
  void execute(const std::string& sql) const {
    database_.execute("set search_path = devy; " + sql);
  }
  [[nodiscard]] testing::RawAnswer get(const std::string& target,
                                       const testing::RawHeaders& headers = {}) const {
    return testing::send_request(url_, "GET", target, headers);
  }
  [[nodiscard]] static nlohmann::json json_of(const testing::RawAnswer& answer) {
    return nlohmann::json::parse(answer.body);
  }

  testing::TestDatabase database_;
  SessionPool sessions_;
  std::string url_;
  std::optional<server::HttpServer> server_;
  std::jthread thread_;
};

TEST_F(ReadingRoutes, ServesEachPage) {
  const std::string blog = "/v1/blogs/alice/notes";
  EXPECT_EQ(json_of(get(blog))["posts"], 3);
  EXPECT_EQ(json_of(get(blog + "/posts?limit=2"))["posts"].size(), 2U);
  EXPECT_EQ(json_of(get(blog + "/posts/a"))["html"], "<p>");
  EXPECT_EQ(get(blog + "/posts/a?format=markdown").body, "text");
  EXPECT_TRUE(get(blog + "/feed.atom").has("application/atom+xml"));
  EXPECT_TRUE(get(blog + "/sitemap.xml").has("application/xml"));
  EXPECT_NE(get(blog + "/feed.atom").body.find("https://devy.example/alice/notes/a"),
            std::string::npos);
  const auto asset =
      get("/assets/" + database_.scalar("select encode(sha256, 'hex') from devy.asset") +
          "/any%20name.txt");
  EXPECT_EQ(asset.body, "x");
  EXPECT_TRUE(asset.has("Cache-Control: public, max-age=31536000, immutable"));
}

TEST_F(ReadingRoutes, FindsSlugsWithSlashesInThem) {
  const std::string posts = "/v1/blogs/alice/notes/posts/";
  for (const char* slug :
       {"2024/%C3%BCber/x", "2024%2F%C3%BCber%2Fx", "2024/%C3%BCber%2fx", "feed.atom"})
    EXPECT_EQ(get(posts + slug).status, 200) << slug;
  EXPECT_TRUE(get(posts + "2024/%C3%9Cber/X").has("Location: " + posts + "2024/%C3%BCber/x\r\n"));
  for (const char* slug : {"%00", "%ff", "%", "%2e%2e%2f%2e%2e", "a%0d%0aX:%20y", "a/", "/a"})
    EXPECT_EQ(get(posts + slug).status, 404) << slug;
}

TEST_F(ReadingRoutes, AnswersAConditionalRequest) {
  const std::string blog = "/v1/blogs/alice/notes";
  const auto first = get(blog);
  const auto begin = first.head.find("ETag: ") + 6;
  const auto tag = first.head.substr(begin, first.head.find("\r\n", begin) - begin);
  EXPECT_EQ(get(blog + "/posts", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(get(blog + "/posts", {{"If-None-Match", "\"x\""}}).status, 200);
}

TEST_F(ReadingRoutes, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(get("/v1/blogs/alice/notes/posts?limit=1000").status, 400);
  EXPECT_EQ(get("/v1/blogs/alice/notes/posts?before=x").status, 400);
  EXPECT_EQ(get("/v1/blogs/alice/notes/posts/a?format=pdf").status, 400);
  EXPECT_EQ(get("/v1/blogs/alice").status, 404);
  EXPECT_EQ(get("/v1/blogs/alice/other").status, 404);
  EXPECT_EQ(get("/assets/app/app.css").status, 404);
  EXPECT_EQ(testing::send_request(url_, "POST", "/v1/blogs/alice/notes").status, 405);
}

}  // namespace reading_routes_test
}  // namespace devy::daemon
