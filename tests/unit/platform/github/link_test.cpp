#include "core/platform/github/link.hpp"

#include <gtest/gtest.h>

namespace devy::github {
namespace link_test {

TEST(Link, FindsTheNextPageWhereverItStands) {
  EXPECT_EQ(next_page("<https://a/2>; rel=\"next\", <https://a/5>; rel=\"last\""), "https://a/2");
  EXPECT_EQ(next_page("<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\""), "https://a/3");
  EXPECT_EQ(next_page("<https://a/1,2;3>;title=\"x, y; z\" ; REL=Next"), "https://a/1,2;3");
  EXPECT_EQ(next_page("<https://a/4>; rel=\"last next\""), "https://a/4");
}

TEST(Link, FindsNoneElsewhere) {
  for (const auto* header :
       {"", " ", "<https://a/1>; rel=\"prev\"", "<https://a/1>; rel=\"nextish\"", "<https://a/1>",
        "https://a/1; rel=\"next\"", "<https://a/1; rel=\"next\"", "<>", "<a>;;;", "<a>; rel",
        "<https://a/1>; title=\"rel=next\"", "garbage, <https://a/1>; rel=\"next\""})
    EXPECT_FALSE(next_page(header)) << header;
}

}  // namespace link_test
}  // namespace devy::github
