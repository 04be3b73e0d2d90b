#include "core/publishing/store/link_json.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::publishing {
namespace link_json_test {

using Use = markdown::FileLink::Use;

TEST(LinkJson, IsNothingWithoutLinks) {
  EXPECT_EQ(to_json(plan::PostLinks{}), std::nullopt);
}

TEST(LinkJson, ReadsBackWhatItWrote) {
  plan::PostLinks links;
  links.links = {{{12, Use::page, "a \"b\".md", 3, 4}, "/alice/notes/a"},
                 {{40, Use::resource, "img/ü.png", 5, 1}, std::nullopt}};
  links.taken_out = {{34, " src=\"\""}};
  links.links.push_back({{50, Use::page, "b", 6, 1, "part", true}, "/alice/notes/b"});
  links.cover = plan::Cover{"c.png", std::nullopt, true, 2, 8};
  EXPECT_EQ(post_links_from_json(to_json(links).value_or("")), links);
  plan::PostLinks only_cover;
  only_cover.cover = plan::Cover{"c.png", "/assets/1/c.png"};
  EXPECT_EQ(post_links_from_json(to_json(only_cover).value_or("")), only_cover);
}

TEST(LinkJson, ReadsWhatAnEarlierVersionWrote) {
  const auto links = post_links_from_json(
      R"({"links": [[12, "page", "a.md", 3, 4, null]], "taken_out": [[5, " href=\"\""]],)"
      R"( "cover": ["c.png", null]})");
  EXPECT_EQ(links.links.at(0).link, (markdown::FileLink{12, Use::page, "a.md", 3, 4}));
  EXPECT_EQ(links.cover, (plan::Cover{"c.png", std::nullopt, false}));
}

TEST(LinkJson, RefusesUnknownContent) {
  for (const auto* text : {"", "[]", "{}", "{\"links\": [[1]]}", "{\"links\": [], \"cover\": 1}"})
    EXPECT_THROW(static_cast<void>(post_links_from_json(text)), base::Error) << text;
}

}  // namespace link_json_test
}  // namespace devy::publishing
