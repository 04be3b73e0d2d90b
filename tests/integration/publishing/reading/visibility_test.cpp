// What readers see at which time, and how a client learns that it has changed.
#include "tests/integration/publishing/reading/reading_fixture.hpp"

namespace devy::reading {
namespace visibility_test {

class ReadingVisibility : public ReadingTest {
 protected:
  // Each page's slugs or status, at a time.
  [[nodiscard]] std::string seen_at(const std::string& time) {
    std::string seen;
    for (const auto& slug : each(posts({}, {"", at(time)})))
      seen += slug + " ";
    return seen;
  }
  [[nodiscard]] std::string tag_at(const std::string& time) {
    return std::string(blog({"", at(time)}).header("ETag"));
  }
};

TEST_F(ReadingVisibility, ShowsPostsFromTheirDateUntilTheyExpire) {
  add_post("always", "2020-01-01");
  add_post("soon", "2026-03-01T12:00:00Z");
  add_post("short", "2026-02-01", "expires_at = '2026-04-01'");
  add_post("draft", "2020-01-01", "is_draft = true, preview_token = repeat('0', 32)");
  EXPECT_EQ(seen_at("2026-01-01T00:00:00Z"), "always ");
  EXPECT_EQ(seen_at("2026-02-01T00:00:00Z"), "short always ");
  EXPECT_EQ(seen_at("2026-03-01T11:59:59.999999Z"), "short always ");
  EXPECT_EQ(seen_at("2026-03-01T12:00:00Z"), "soon short always ");
  EXPECT_EQ(seen_at("2026-04-01T00:00:00Z"), "soon always ");
  const Condition before{"", at("2026-01-01T00:00:00Z")}, later{"", at("2026-03-02T00:00:00Z")};
  EXPECT_EQ(post("soon", "", before).status, 404);
  EXPECT_EQ(post("soon", "", later).status, 200);
  EXPECT_EQ(feed(before).body.find("Title of soon"), std::string::npos);
  EXPECT_NE(feed(later).body.find("Title of soon"), std::string::npos);
  EXPECT_EQ(sitemap(before).body.find("/soon"), std::string::npos);
  EXPECT_NE(sitemap(later).body.find("/soon"), std::string::npos);
  EXPECT_EQ(json_of(blog(before))["posts"], 1);
  EXPECT_EQ(json_of(blog(later))["posts"], 3);
}

TEST_F(ReadingVisibility, GivesANewTagWhenSomethingAppearsOrExpires) {
  add_post("soon", "2026-03-01T12:00:00Z");
  add_post("short", "2026-02-01", "expires_at = '2026-04-01'");
  add_post("draft", "2026-03-15", "is_draft = true, preview_token = repeat('0', 32)");
  const auto first = tag_at("2026-01-01T00:00:00Z");
  EXPECT_EQ(tag_at("2026-01-31T23:59:59Z"), first);
  const auto second = tag_at("2026-02-01T00:00:00Z");
  EXPECT_NE(second, first);
  const auto third = tag_at("2026-03-01T12:00:00Z");
  EXPECT_NE(third, second);
  // A draft appears at no time.
  EXPECT_EQ(tag_at("2026-03-31T00:00:00Z"), third);
  const auto last = tag_at("2026-04-01T00:00:00Z");
  EXPECT_NE(last, third);
  EXPECT_EQ(tag_at("2030-01-01T00:00:00Z"), last);
}

TEST_F(ReadingVisibility, AnswersWithoutABodyWhileNothingChanged) {
  add_post("a");
  add_post("soon", "2026-03-01");
  const auto now = at("2026-02-01T00:00:00Z"), later = at("2026-03-01T00:00:00Z");
  const auto tag = std::string(post("a", "", {"", now}).header("ETag"));
  const auto other = "\"x\", " + tag.substr(2);  // the strong form of it
  for (const auto& given : {tag, other, tag + " , \"y\""}) {
    const auto answer = post("a", "", {given, now});
    EXPECT_EQ(answer.status, 304) << given;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.header("ETag"), tag);
    EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=30, stale-while-revalidate=300");
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  }
  EXPECT_EQ(blog({tag, now}).status, 304);
  EXPECT_EQ(posts({}, {tag, now}).status, 304);
  EXPECT_EQ(post("a", "", {tag, later}).status, 200);
  for (const char* given : {"*", "\"\"", "W/", ",", "\"x\"", "W/\""})
    EXPECT_EQ(post("a", "", {given, now}).status, 200) << given;
  // The feed depends on more.
  EXPECT_EQ(feed({tag, now}).status, 200);
  const auto feed_tag = std::string(feed({"", now}).header("ETag"));
  EXPECT_EQ(feed({feed_tag, now}).status, 304);
  EXPECT_EQ(read_feed(connection_, address_, "https://other.example", {feed_tag, now}).status, 200);
}

TEST_F(ReadingVisibility, GivesANewTagWithEachUpload) {
  const auto tag = std::string(blog().header("ETag"));
  for (const char* change :
       {"head_commit = repeat('c', 40)", "head_origin = 'other'", "head_at = '2026-01-02'"}) {
    execute(std::string("update blog set ") + change);
    EXPECT_EQ(blog({tag, {}}).status, 200) << change;
    execute(
        "update blog set head_commit = repeat('a', 40), head_origin = null, head_at = "
        "'2026-01-01'");
    EXPECT_EQ(blog({tag, {}}).status, 304);
  }
}

TEST_F(ReadingVisibility, ShowsWhatWasCommittedBeforeTheRequest) {
  add_post("a");
  const auto tag = std::string(post("a").header("ETag"));
  execute("update post set html = 'new'; update blog set head_at = clock_timestamp()");
  EXPECT_EQ(json_of(post("a", "", {tag, {}}))["html"], "new");
}

TEST_F(ReadingVisibility, IsThatOfTheView) {
  // By the database's own clock, at and around the moment of the question.
  for (const char* draft : {"true", "false"})
    for (const char* published : {"-1 hour", "0", "1 hour"})
      for (const char* expires : {"null", "'-1 hour'", "'0'", "'1 hour'"})
        execute(std::string(
                    "insert into post (id, blog_id, path, slug, title, published_at, expires_at, "
                    "is_draft, preview_token, markdown, html, blob, commit, origin, file_bytes, "
                    "date_source) select i, b.id, i::text, i::text, 'x', now() + '") +
                published + "', now() + " + expires + "::interval, " + draft +
                ", md5(i::text), '', '', repeat('b', 40), repeat('a', 40), 'x', 4, 'written' "
                "from blog b, gen_random_uuid() i");
  EXPECT_EQ(value("select count(*) from post"), "24");
  EXPECT_EQ(value("select count(*) from post p where is_post_visible(is_draft, published_at, "
                  "expires_at, now())"
                  " is distinct from exists (select from visible_post v where v.id = p.id)"),
            "0");
  EXPECT_EQ(std::to_string(each(posts()).size()), value("select count(*) from visible_post"));
  EXPECT_EQ(each(posts()).size(), 4U);
}

TEST_F(ReadingVisibility, EndsWithTheConnection) {
  add_post("a");
  const auto tag = std::string(blog().header("ETag"));
  execute("update blog set is_connected = false");
  const auto answer = blog();
  EXPECT_EQ(answer.status, 410);
  for (const auto& same :
       {posts(), post("a"), post("unknown"), feed(), sitemap(), blog({tag, {}})}) {
    EXPECT_EQ(same.status, 410);
    EXPECT_EQ(same.body, answer.body);
    EXPECT_EQ(same.header("Cache-Control"), "no-store");
  }
}

}  // namespace visibility_test
}  // namespace devy::reading
