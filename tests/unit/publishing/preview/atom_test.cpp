#include "core/publishing/preview/atom.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/platform/base/time_text.hpp"
#include "tests/support/xml.hpp"

namespace devy::preview {
namespace atom_test {

using devy::testing::read_xml;
using Lines = std::vector<std::string>;

const std::string blog_id = "11111111-2222-4333-8444-555555555555";
const std::string post_id = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

base::TimePoint at(const char* time) {
  return base::parse_rfc3339(time).value();
}

Channel channel() {
  return {blog_id,
          "Alice's <notes>",
          "Wood & more",
          "alice",
          "https://devy.example",
          "/alice/notes",
          "/alice/notes/feed.xml",
          at("2026-01-01T00:00:00Z")};
}

FeedEntry entry(const std::string& slug) {
  FeedEntry entry;
  entry.id = post_id;
  entry.url = "/alice/notes/" + slug;
  entry.title = "A post";
  entry.summary = "What it says.";
  entry.html = "<p>Text</p>";
  entry.published.at = at("2026-02-03T04:05:06Z");
  return entry;
}

Lines values(const Lines& lines, const std::string& name) {
  Lines found;
  for (const auto& line : lines)
    if (line.starts_with(name + "=")) found.push_back(line.substr(name.size() + 1));
  return found;
}

TEST(Atom, HasWhatTheStandardRequires) {
  auto post = entry("hello");
  post.authors = {"Alice", "Bob"};
  post.tags = {"wood", "c++"};
  post.lang = "de";
  post.revised = Date{at("2026-03-04T00:00:00Z"), {}};
  const auto lines = read_xml(atom_feed(channel(), {post}));
  const Lines expected{"{http://www.w3.org/2005/Atom}feed",
                       "feed/id=urn:uuid:" + blog_id,
                       "feed/title=Alice's <notes>",
                       "feed/subtitle=Wood & more",
                       "feed/link@rel=self",
                       "feed/link@type=application/atom+xml",
                       "feed/link@href=https://devy.example/alice/notes/feed.xml",
                       "feed/link=",
                       "feed/link@rel=alternate",
                       "feed/link@type=text/html",
                       "feed/link@href=https://devy.example/alice/notes",
                       "feed/link=",
                       "feed/updated=2026-03-04T00:00:00.000Z",
                       "feed/author/name=alice",
                       "feed/generator=devy-upload",
                       "feed/entry@lang=de",
                       "feed/entry/id=urn:uuid:" + post_id,
                       "feed/entry/title=A post",
                       "feed/entry/link@rel=alternate",
                       "feed/entry/link@type=text/html",
                       "feed/entry/link@href=https://devy.example/alice/notes/hello",
                       "feed/entry/link=",
                       "feed/entry/published=2026-02-03T04:05:06.000Z",
                       "feed/entry/updated=2026-03-04T00:00:00.000Z",
                       "feed/entry/author/name=Alice",
                       "feed/entry/author/name=Bob",
                       "feed/entry/category@term=wood",
                       "feed/entry/category=",
                       "feed/entry/category@term=c++",
                       "feed/entry/category=",
                       "feed/entry/summary=What it says.",
                       "feed/entry/content@type=html",
                       "feed/entry/content@base=https://devy.example/alice/notes/hello",
                       "feed/entry/content=<p>Text</p>"};
  EXPECT_EQ(lines, expected);
}

TEST(Atom, GivesAValidFeedWithoutPosts) {
  const auto lines = read_xml(atom_feed(channel(), {}));
  EXPECT_EQ(values(lines, "feed/updated"), Lines{"2026-01-01T00:00:00.000Z"});
  EXPECT_TRUE(values(lines, "feed/entry/id").empty());
}

TEST(Atom, WritesADayAsItsNoon) {
  auto post = entry("a");
  post.published = {at("2026-02-02T15:00:00Z"), base::parse_day("2026-02-03")};  // in Tokyo
  const auto lines = read_xml(atom_feed(channel(), {post}));
  EXPECT_EQ(values(lines, "feed/entry/published"), Lines{"2026-02-03T12:00:00.000Z"});
  EXPECT_EQ(values(lines, "feed/entry/updated"), Lines{"2026-02-03T12:00:00.000Z"});
}

TEST(Atom, IsNeverUpdatedBeforeItWasPublished) {
  auto post = entry("a");
  post.revised = Date{at("2020-01-01T00:00:00Z"), {}};
  EXPECT_EQ(values(read_xml(atom_feed(channel(), {post})), "feed/entry/updated"),
            Lines{"2026-02-03T04:05:06.000Z"});
}

TEST(Atom, KeepsTheNewestAndBoundsTheirText) {
  std::vector<FeedEntry> posts;
  for (std::size_t i = 0; i < entries_max + 5; ++i)
    posts.push_back(entry("p" + std::to_string(i)));
  auto lines = read_xml(atom_feed(channel(), posts));
  EXPECT_EQ(values(lines, "feed/entry/id").size(), entries_max);
  EXPECT_EQ(values(lines, "feed/entry/link@href").back(), "https://devy.example/alice/notes/p19");
  posts.resize(3);
  posts[1].html.assign(content_bytes_max, 'x');
  posts[1].summary.clear();
  lines = read_xml(atom_feed(channel(), posts));
  EXPECT_EQ(values(lines, "feed/entry/content"), (Lines{"<p>Text</p>", "<p>Text</p>"}));
  EXPECT_EQ(values(lines, "feed/entry/summary").size(), 3U);
}

TEST(Atom, IsXmlWhateverAPostHolds) {
  std::string hostile = "]]> <!-- & \" ' </entry> \x01\x08\x0b\x1f \x7f\xff";
  hostile += "\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80";  // U+FFFE, U+FFFF, half a surrogate pair
  hostile += " 🎉 \xe2\x80\xae";
  hostile.push_back('\0');
  Channel blog = channel();
  auto post = entry("a");
  for (auto* text : {&blog.title, &blog.subtitle, &blog.author, &post.title, &post.summary,
                     &post.html, &post.tags.emplace_back(), &post.authors.emplace_back()})
    *text = hostile;
  const std::string left = "]]> <!-- & \" ' </entry>  \x7f 🎉 \xe2\x80\xae";
  const auto lines = read_xml(atom_feed(blog, {post}));
  for (const char* name :
       {"feed/title", "feed/subtitle", "feed/author/name", "feed/entry/title", "feed/entry/summary",
        "feed/entry/category@term", "feed/entry/author/name", "feed/entry/content"})
    EXPECT_EQ(values(lines, name), Lines{left}) << name;
}

TEST(Atom, MakesTheSitesOwnUrlsAbsolute) {
  auto post = entry("a");
  post.html =
      "<a href=\"/alice/notes/b?x=1&amp;y#z\">b</a><a href=\"#top\">up</a>"
      "<img src=\"/assets/00/x.png\" alt=\"/not/this\"><a href=\"//other.example/\">o</a>"
      "<a href=\"https://else.example/\">e</a><code> href=\"/not/that\"</code>";
  EXPECT_EQ(values(read_xml(atom_feed(channel(), {post})), "feed/entry/content"),
            Lines{"<a href=\"https://devy.example/alice/notes/b?x=1&amp;y#z\">b</a>"
                  "<a href=\"#top\">up</a>"
                  "<img src=\"https://devy.example/assets/00/x.png\" alt=\"/not/this\">"
                  "<a href=\"//other.example/\">o</a><a href=\"https://else.example/\">e</a>"
                  "<code> href=\"/not/that\"</code>"});
}

}  // namespace atom_test
}  // namespace devy::preview
