// The keys by which a front matter says where its post is read.
#include <gtest/gtest.h>

#include "core/publishing/post/document.hpp"

namespace devy::post {
namespace permalink_test {

Document document(const std::string& keys) {
  auto rendered = make_document({"a.md", "---\ntitle: A\n" + keys + "---\ntext"}, config::Limits{},
                                RenderOptions{});
  return std::get<Document>(std::move(rendered.result));
}

std::vector<std::string> warnings(const Document& post) {
  std::vector<std::string> lines;
  for (const auto& warning : post.warnings)
    lines.push_back(snapshot::to_string(warning));
  return lines;
}

TEST(Permalink, IsTheFirstOfItsKeysThatCanBeOne) {
  EXPECT_EQ(document("permalink: /a/\nurl: /b/\npath: /c/\n").permalink, "/a/");
  EXPECT_EQ(document("URL: /b/\npath: /c/\n").permalink, "/b/");
  EXPECT_EQ(document("path: c\n").permalink, "c");
  EXPECT_EQ(document("permalink: false\nurl: https://other.example/x\n").permalink, std::nullopt);
  EXPECT_EQ(document("permalink: ''\npath: 2019\n").permalink, "2019");
}

TEST(Permalink, SaysItsPlaceBeforeTheSlugs) {
  const auto both = document("slug: x\npermalink: /a/\n");
  EXPECT_EQ(both.slug, "x");
  EXPECT_EQ(both.slug_line, 4U);
  EXPECT_EQ(both.slug_column, 12U);
  EXPECT_EQ(document("slug: x\n").slug_line, 3U);
}

TEST(Permalink, WarnsWhenItCannotBeAnAddress) {
  const auto pattern = document("permalink: /:year/:title/\n");
  EXPECT_EQ(pattern.permalink, std::nullopt);
  EXPECT_EQ(warnings(pattern),
            std::vector<std::string>{"a.md:3:12: 'permalink' is left out: '/:year/:title/' is a "
                                     "pattern; write the address itself"});
  const auto list = document("path: [a]\n");
  EXPECT_EQ(warnings(list),
            std::vector<std::string>{"a.md:3:7: 'path' is left out: it must be a text, and not a "
                                     "list; put the value in quotes"});
}

TEST(Permalink, WarnsOfASlugWithoutALetter) {
  EXPECT_EQ(warnings(document("slug: '!!'\n")),
            std::vector<std::string>{"a.md:3:7: 'slug' is left out: '!!' has no letter or number"});
  EXPECT_EQ(warnings(document("slug: //\n")), std::vector<std::string>());
}

}  // namespace permalink_test
}  // namespace devy::post
