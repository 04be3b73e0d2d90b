// Requests and rows that mean harm, what a request costs, and the rights that are enough.
#include "core/publishing/preview/atom.hpp"
#include "tests/integration/publishing/reading/reading_fixture.hpp"
#include "tests/support/xml.hpp"

namespace devy::reading {
namespace hostile_reading_test {

using HostileReading = ReadingTest;

TEST_F(HostileReading, FindsNothingUnderNamesThatCannotBe) {
  add_post("a");
  const auto unknown = post("unknown");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.header("ETag"), "");
  EXPECT_EQ(unknown.header("Cache-Control"), "no-store");
  using namespace std::string_literals;
  for (const auto& slug : {""s, "\0"s, "a\0"s, "\xff"s, "'--"s, "../x"s, "%00"s, "a\r\nX: y"s,
                           std::string(100'000, 'a'), "\xed\xa0\x80"s}) {
    const auto answer = post(slug);
    EXPECT_EQ(answer.status, 404) << slug.substr(0, 20);
    EXPECT_EQ(answer.body, unknown.body);
  }
  for (const auto& name : {"bob"s, ""s, "Alice"s, "alice\0"s, "al/ice"s, "' or true --"s, "\xff"s,
                           std::string(100'000, 'a')}) {
    EXPECT_EQ(read_blog(connection_, {name, "notes"}, {}).body, unknown.body);
    EXPECT_EQ(read_posts(connection_, {"alice", name}, {}, {"\"x\"", {}}).body, unknown.body);
  }
}

TEST_F(HostileReading, HidesAPostAsIfThereWereNone) {
  const auto token = std::string(32, '7');
  add_post("draft", "2020-01-01", "is_draft = true, preview_token = '" + token + "'");
  add_post("later", "2999-01-01", "preview_token = repeat('8', 32)");
  add_post("bare", "2999-01-01");
  execute(
      "insert into redirect (blog_id, slug, post_id) select blog_id, 'old', id from post where "
      "slug = 'draft'");
  const auto unknown = post("unknown");
  for (const char* slug : {"draft", "later", "bare", "old"})
    for (const auto& given : {std::string(), std::string(32, '0'), std::string("' or true --")}) {
      const auto answer = post(slug, given);
      EXPECT_EQ(answer.status, 404) << slug;
      EXPECT_EQ(answer.body, unknown.body);
      EXPECT_EQ(answer.headers, unknown.headers);
    }
  EXPECT_EQ(post("later", token).status, 404);  // another post's
  EXPECT_EQ(post("unknown", token).status, 404);
}

TEST_F(HostileReading, KeepsAPreviewFromEverybodyElse) {
  const auto token = std::string(32, '7');
  add_post("draft", "2020-01-01", "is_draft = true, preview_token = '" + token + "'");
  add_post("seen", "2020-01-01");
  execute(
      "insert into redirect (blog_id, slug, post_id) select blog_id, 'old', id from post where "
      "slug = 'draft'");
  const auto tag = std::string(blog().header("ETag"));
  for (const auto& answer : {post("draft", token), post("draft", token, {tag, {}}),
                             post("seen", token), post("old", token)}) {
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("X-Robots-Tag"), "noindex");
    EXPECT_EQ(answer.header("ETag"), "");
    EXPECT_NE(answer.status, 304);
  }
  EXPECT_EQ(json_of(post("draft", token))["title"], "Title of draft");
  EXPECT_EQ(post("old", token).header("Location"),
            "/v1/blogs/alice/notes/posts/draft?preview=" + token);
}

TEST_F(HostileReading, WritesWhateverTheColumnsHoldAsText) {
  const std::string evil = R"(</script><img src=x onerror=alert(1)>"'&]]>{{X}}é)";
  add_post("a", "2020-01-01",
           "title = $q$" + evil + "$q$, summary = $q$" + evil + "$q$, tags = array[$q$" + evil +
               "$q$], authors = array[$q$" + evil + "$q$], cover = $q$" + evil + "$q$, lang = $q$" +
               evil + "$q$, canonical = $q$" + evil + "$q$, title_id = $q$" + evil +
               "$q$, front_matter = jsonb_build_object($q$" + evil + "$q$, $q$" + evil +
               "$q$), markdown = $q$" + evil + "$q$, html = $q$" + evil + "$q$");
  execute("update blog set name = $q$" + evil + "$q$, description = $q$" + evil + "$q$");
  const auto document = json_of(post("a"));
  for (const char* member : {"title", "summary", "cover", "lang", "canonical", "title_id", "html"})
    EXPECT_EQ(document[member], evil) << member;
  EXPECT_EQ(document["tags"][0], evil);
  EXPECT_EQ(document["front_matter"][evil], evil);
  EXPECT_EQ(json_of(blog())["name"], evil);
  EXPECT_EQ(json_of(blog())["tags"][0]["tag"], evil);
  const auto markdown = read_post(connection_, address_, {"a", Format::markdown, {}}, {});
  EXPECT_EQ(markdown.body, evil);
  EXPECT_EQ(markdown.header("Content-Type"), "text/markdown; charset=utf-8");
  EXPECT_EQ(markdown.header("Content-Security-Policy"), "sandbox; default-src 'none'");
  EXPECT_EQ(markdown.header("X-Content-Type-Options"), "nosniff");
  const auto xml = testing::read_xml(feed().body);
  EXPECT_NE(std::ranges::find(xml, "feed/entry/title=" + evil), xml.end());
  EXPECT_EQ(feed().header("Content-Type"), "application/atom+xml; charset=utf-8");
  EXPECT_FALSE(testing::read_xml(sitemap().body).empty());
}

TEST_F(HostileReading, LimitsWhatAFeedHolds) {
  // The second would exceed the limit, and leaves room for the third.
  const auto half = std::to_string(preview::content_bytes_max / 2);
  add_post("a", "2026-01-03", "html = repeat('a', " + half + ")");
  add_post("b", "2026-01-02", "html = repeat('b', " + half + " * 3), summary = 'short'");
  add_post("c", "2026-01-01", "html = repeat('c', 100)");
  for (int i = 0; i < 30; ++i)
    add_post("old-" + std::to_string(i), "2020-01-01");
  const auto body = feed().body;
  EXPECT_LT(body.size(), preview::content_bytes_max + 100'000);
  EXPECT_NE(body.find("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), std::string::npos);
  EXPECT_EQ(body.find("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), std::string::npos);
  EXPECT_NE(body.find("cccccccccccccccccccccccccccccccccccccccccccccccccc"), std::string::npos);
  std::size_t entries = 0;
  for (auto at = body.find("<entry"); at != body.npos; at = body.find("<entry", at + 1))
    ++entries;
  EXPECT_EQ(entries, preview::entries_max);
}

// A session keeps its statements prepared from their second use on, and counts how often each runs.
class CountedReading : public ReadingTest {
 protected:
  CountedReading() {
    add_post("a");
    add_post("b", "2026-01-01", "tags = '{x}'");
    execute(
        "insert into redirect (blog_id, slug, post_id) select blog_id, 'old', id from post where "
        "slug = 'a'");
  }
  template <class Act>
  long statements(const Act& act) {
    constexpr pg::Statement count{"count",
                                  "select coalesce(sum(generic_plans + custom_plans), 0) as count "
                                  "from pg_prepared_statements"};
    // Used once, and then prepared; from then on each use counts.
    act();
    act();
    const auto before = connection_.one(count)[0].integer("count");
    act();
    return connection_.one(count)[0].integer("count") - before;
  }
};

TEST_F(CountedReading, TakesOneStatementForWhatIsUnchangedAndTwoForAPage) {
  const auto tag = std::string(blog().header("ETag")),
             feed_tag = std::string(feed().header("ETag"));
  const Condition same{tag, {}}, other{"\"other\"", {}};
  EXPECT_EQ(statements([&] { EXPECT_EQ(blog(same).status, 304); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(posts({}, same).status, 304); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(post("a", "", same).status, 304); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(feed({feed_tag, {}}).status, 304); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(sitemap({feed_tag, {}}).status, 304); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(post("a").status, 200); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(post("old").status, 301); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(post("unknown").status, 404); }), 1);
  EXPECT_EQ(statements([&] { EXPECT_EQ(blog(other).status, 200); }), 2);
  EXPECT_EQ(statements([&] { EXPECT_EQ(posts({}, other).status, 200); }), 2);
  EXPECT_EQ(statements([&] { EXPECT_EQ(post("a", "", other).status, 200); }), 2);
  EXPECT_EQ(statements([&] { EXPECT_EQ(feed(other).status, 200); }), 2);
  EXPECT_EQ(statements([&] { EXPECT_EQ(sitemap(other).status, 200); }), 2);
}

TEST_F(CountedReading, NeedsNoMoreThanItsHeaderSays) {
  execute(R"sql(
    drop role if exists reading_only;
    create role reading_only;
    revoke all on all functions in schema devy from public;
    grant usage on schema devy to reading_only;
    grant select on schema_version to reading_only;
    grant select (id, username) on account to reading_only;
    grant select (id, account_id, slug, is_connected, name, description, settings, head_commit, head_origin,
                  head_at, created_at) on blog to reading_only;
    grant select (id, blog_id, slug, title, summary, tags, authors, published_at, published_on, revised_at,
                  revised_on, expires_at, is_draft, preview_token, word_count, cover, canonical, lang,
                  front_matter, toc, markdown, html, title_id, list_order) on post to reading_only;
    grant select (blog_id, slug, post_id) on redirect to reading_only;
    grant select (sha256, media_type, bytes) on asset to reading_only;
    grant select (blog_id, sha256) on blog_asset to reading_only;
    grant execute on function readable_blog, post_newness, post_order, is_post_visible to reading_only;
    insert into asset (sha256, media_type, bytes) values (sha256('x'), 'text/plain; charset=utf-8', 'x');
    insert into blog_asset (blog_id, path, blob, sha256) select id, 'x', repeat('b', 40), sha256('x') from blog)sql");
  connection_.run_script("become", "set role reading_only");
  const Condition other{"\"other\"", {}};
  EXPECT_EQ(blog(other).status, 200);
  EXPECT_EQ(posts({}, other).status, 200);
  EXPECT_EQ(post("a", "", other).status, 200);
  EXPECT_EQ(post("old", "", other).status, 301);
  EXPECT_EQ(feed(other).status, 200);
  EXPECT_EQ(sitemap(other).status, 200);
  EXPECT_EQ(read_asset(connection_, value("select encode(sha256, 'hex') from asset"), {}).body,
            "x");
  connection_.run_script("become", "reset role");
  execute("drop owned by reading_only; drop role reading_only");
}

}  // namespace hostile_reading_test
}  // namespace devy::reading
