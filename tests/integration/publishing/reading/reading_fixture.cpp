#include "tests/integration/publishing/reading/reading_fixture.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::reading {

base::TimePoint at(const std::string& text) {
  return base::parse_rfc3339(text).value();
}

nlohmann::json json_of(const http::Response& response) {
  return nlohmann::json::parse(response.body);
}

std::vector<std::string> each(const http::Response& list, const std::string& member) {
  std::vector<std::string> values;
  const auto document = json_of(list);
  for (const auto& post : document["posts"])
    values.push_back(post[member].get<std::string>());
  return values;
}

std::optional<testing::TestDatabase> ReadingTest::database_;

void ReadingTest::SetUpTestSuite() {
  database_.emplace();
  auto connection = pg::Connection::open(database_->conninfo(), config::Database(), "test");
  publishing::add_account(connection, "alice", true);
  publishing::connect_blog(
      connection, {"alice", "notes", "https://github.com/alice/notes", std::nullopt, std::nullopt});
}

void ReadingTest::TearDownTestSuite() {
  database_.reset();
}

ReadingTest::ReadingTest()
    : connection_(pg::Connection::open(database_->conninfo(), config::Database(), "test")) {
  execute(
      "delete from post; update blog set head_commit = repeat('a', 40), head_origin = null, "
      "head_at = '2026-01-01', name = 'Notes', description = null, is_connected = true");
}

void ReadingTest::add_post(const std::string& slug, const std::string& published_at,
                           const std::string& more) {
  execute(
      "insert into post (id, blog_id, path, slug, title, published_at, markdown, html, blob, "
      "commit, "
      "origin, file_bytes, date_source) select gen_random_uuid(), id, $q$" +
      slug + ".md$q$, $q$" + slug + "$q$, $q$Title of " + slug + "$q$, '" + published_at +
      "', 'text', '<p>text</p>', repeat('b', 40), repeat('a', 40), 'x', 4, 'written' from blog" +
      (more.empty() ? "" : "; update post set " + more + " where slug = $q$" + slug + "$q$"));
}

http::Response ReadingTest::blog(const Condition& condition) {
  return read_blog(connection_, address_, condition);
}

http::Response ReadingTest::posts(const publishing::PostFilter& filter,
                                  const Condition& condition) {
  return read_posts(connection_, address_, filter, condition);
}

http::Response ReadingTest::post(const std::string& slug, const std::string& preview,
                                 const Condition& condition) {
  return read_post(connection_, address_, {slug, Format::json, preview}, condition);
}

http::Response ReadingTest::feed(const Condition& condition) {
  return read_feed(connection_, address_, "https://devy.example", condition);
}

http::Response ReadingTest::sitemap(const Condition& condition) {
  return read_sitemap(connection_, address_, "https://devy.example", condition);
}

}  // namespace devy::reading
