#include "core/platform/github/link.hpp"

#include <gtest/gtest.h>

namespace devy::github {
namespace link_test {

TEST(Link, FindsTheNextPageWhereverItStands) {
  EXPECT_EQ(linked_page("<https://a/2>; rel=\"next\", <https://a/5>; rel=\"last\"", "next"),
            "https://a/2");
  EXPECT_EQ(linked_page("<https://a/1>; rel=\"prev\", <https://a/3>; rel=\"next\"", "next"),
            "https://a/3");
  EXPECT_EQ(linked_page("<https://a/1,2;3>;title=\"x, y; z\" ; REL=Next", "next"),
            "https://a/1,2;3");
  EXPECT_EQ(linked_page("<https://a/4>; rel=\"last next\"", "next"), "https://a/4");
}

TEST(Link, FindsNoneElsewhere) {
  for (const auto* header :
       {"", " ", "<https://a/1>; rel=\"prev\"", "<https://a/1>; rel=\"nextish\"", "<https://a/1>",
        "https://a/1; rel=\"next\"", "<https://a/1; rel=\"next\"", "<>", "<a>;;;", "<a>; rel",
        "<https://a/1>; title=\"rel=next\"", "garbage, <https://a/1>; rel=\"next\""})
    EXPECT_FALSE(linked_page(header, "next")) << header;
}

TEST(Link, FindsAnyRelation) {
  EXPECT_EQ(linked_page("<https://a/2>; rel=\"next\", <https://a/5>; rel=\"last\"", "last"),
            "https://a/5");
}

TEST(Link, ReadsTheNumberOfAPage) {
  EXPECT_EQ(page_number("https://a/issues?per_page=100&page=12"), 12);
  EXPECT_EQ(page_number("https://a/issues?page=3&per_page=100"), 3);
  for (const auto* address :
       {"", "https://a/issues", "https://a/issues?per_page=100",
        "https://a/issues?page=", "https://a/issues?page=0", "https://a/issues?page=-1",
        "https://a/issues?page=1x", "https://a/issues?after=abc", "https://a/page=4"})
    EXPECT_FALSE(page_number(address)) << address;
}

}  // namespace link_test
}  // namespace devy::github
