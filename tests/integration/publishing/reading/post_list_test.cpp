// The list of a blog's posts: its order, its cursor, its filters.
#include <algorithm>
#include <random>

#include "core/platform/base/natural_order.hpp"
#include "tests/integration/publishing/reading/reading_fixture.hpp"

namespace devy::reading {
namespace post_list_test {

using PostListTest = ReadingTest;

std::optional<publishing::PostCursor> cursor_of(const http::Response& list) {
  const auto text = json_of(list)["cursor"];
  if (text.is_null()) return std::nullopt;
  return publishing::parse_post_cursor(text.get<std::string>());
}

TEST_F(PostListTest, BeginsWithTheNewestPost) {
  add_post("old", "2020-01-01");
  add_post("new", "2026-01-01");
  add_post("between", "2023-01-01");
  const auto list = posts();
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(each(list), (Lines{"new", "between", "old"}));
  EXPECT_TRUE(json_of(list)["cursor"].is_null());
}

TEST_F(PostListTest, GoesOnBehindItsCursorAmongPostsOfOneDate) {
  Lines expected{"newer"};
  add_post("newer", "2026-02-01");
  for (int i = 1; i <= 23; ++i) {
    expected.push_back("chapter-" + std::to_string(i));
    add_post(expected.back(), "2026-01-01");
  }
  expected.emplace_back("older");
  add_post("older", "2025-01-01");
  Lines seen;
  publishing::PostFilter filter;
  filter.limit = 4;
  for (int page = 0; page < 10; ++page) {
    const auto list = posts(filter);
    const auto slugs = each(list);
    EXPECT_LE(slugs.size(), 4U);
    seen.insert(seen.end(), slugs.begin(), slugs.end());
    filter.before = cursor_of(list);
    if (!filter.before) break;
  }
  EXPECT_EQ(seen, expected);
}

TEST_F(PostListTest, GoesOnWhereThePostOfTheCursorIsGone) {
  for (const char* slug : {"a", "b", "c", "d"})
    add_post(slug, "2026-01-01");
  publishing::PostFilter filter;
  filter.limit = 2;
  filter.before = cursor_of(posts(filter));
  execute("delete from post where slug = 'b'");
  add_post("0", "2026-01-01");
  EXPECT_EQ(each(posts(filter)), (Lines{"c", "d"}));
}

TEST_F(PostListTest, SaysThatNothingFollowsAFullPage) {
  add_post("a");
  add_post("b");
  publishing::PostFilter filter;
  filter.limit = 2;
  EXPECT_FALSE(cursor_of(posts(filter)));
  filter.limit = 1;
  EXPECT_TRUE(cursor_of(posts(filter)));
}

TEST_F(PostListTest, KeepsToItsFilters) {
  add_post("a", "2026-01-04", "tags = '{C++,sql}', authors = '{Ann}', lang = 'pt-BR'");
  add_post("b", "2026-01-03", "tags = '{c++}', authors = '{Ann,Bob}', lang = 'de'");
  add_post("c", "2026-01-02");
  publishing::PostFilter tag, author, lang, both;
  tag.tag = "C++";
  author.author = both.author = "Ann";
  lang.lang = "PT-br";
  both.lang = "de";
  EXPECT_EQ(each(posts(tag)), Lines{"a"});
  EXPECT_EQ(each(posts(author)), (Lines{"a", "b"}));
  EXPECT_EQ(each(posts(lang)), Lines{"a"});
  EXPECT_EQ(each(posts(both)), Lines{"b"});
  tag.tag = "' or true --";
  EXPECT_EQ(each(posts(tag)), Lines());
}

TEST_F(PostListTest, CountsThePostsOfEachTag) {
  add_post("a", "2026-01-04", "tags = '{x,y,x}'");
  add_post("b", "2026-01-03", "tags = '{y}'");
  add_post("c", "2026-01-02",
           "tags = '{y,hidden}', is_draft = true, preview_token = repeat('0', 32)");
  const auto document = json_of(blog());
  EXPECT_EQ(document["posts"], 2);
  EXPECT_EQ(document["tags"],
            nlohmann::json::parse(R"([{"tag":"y","posts":2},{"tag":"x","posts":1}])"));
  EXPECT_EQ(document["name"], "Notes");
  EXPECT_EQ(document["url"], "/alice/notes");
  EXPECT_EQ(document["head"], std::string(40, 'a'));
  EXPECT_EQ(document["updated_at"], "2026-01-01T00:00:00.000Z");
}

TEST_F(PostListTest, IsEmptyBeforeTheFirstUpload) {
  execute("update blog set head_commit = null, head_at = null, name = null");
  EXPECT_EQ(posts().body, "{\"posts\":[],\"cursor\":null}\n");
  const auto document = json_of(blog());
  EXPECT_EQ(document["name"], "notes");
  EXPECT_TRUE(document["head"].is_null());
  EXPECT_TRUE(document["updated_at"].is_null());
  EXPECT_EQ(document["posts"], 0);
  EXPECT_EQ(document["tags"].size(), 0U);
  EXPECT_EQ(feed().body.find("<entry"), std::string::npos);
  EXPECT_NE(sitemap().body.find("<loc>https://devy.example/alice/notes</loc>"), std::string::npos);
  EXPECT_EQ(post("a").status, 404);
}

TEST_F(PostListTest, OrdersInTheDatabaseAsNaturalOrderDoes) {
  std::mt19937 random(7);
  const std::string letters = "01299ab-/é";
  std::vector<std::string> slugs{"1", "01", "001", "a1", "a01", "a1b", "a10", "a", "a-b", "a/b"};
  for (int i = 0; i < 300; ++i) {
    std::string slug;
    for (std::size_t n = 1 + random() % 9; n > 0; --n)
      if (const auto c = random() % 10; c < 9) slug += letters[c];
      else slug += "é";
    slugs.push_back(slug);
  }
  std::string rows;
  for (const auto& slug : slugs)
    rows += (rows.empty() ? "('" : ",('") + slug + "')";
  std::ranges::sort(slugs, [](const auto& left, const auto& right) {
    return base::natural_order(left, right) < 0;
  });
  EXPECT_EQ(database_->rows("set search_path = devy; select s from (values " + rows +
                            ") v (s) order by post_order('2026-01-01', s) collate \"C\""),
            slugs);
}

TEST_F(PostListTest, OrdersTheOldestDatesToo) {
  const Lines dates{"9999-12-31 23:59:59.999999+00", "2026-01-01 00:00:00.000001+00",
                    "2026-01-01 00:00:00+00", "1969-12-31 23:59:59+00", "0001-01-01 00:00:00+00"};
  std::string rows;
  for (const auto& date : dates)
    rows += (rows.empty() ? "('" : ",('") + date + "'::timestamptz)";
  EXPECT_EQ(database_->rows("set search_path = devy; set timezone = 'UTC'; select d from (values " +
                            rows + ") v (d) order by post_order(d, 'a') collate \"C\""),
            dates);
}

}  // namespace post_list_test
}  // namespace devy::reading
