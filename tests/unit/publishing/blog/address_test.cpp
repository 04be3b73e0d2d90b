#include "core/publishing/blog/address.hpp"

#include <gtest/gtest.h>

namespace devy::blog {
namespace address_test {

const BlogName alice{"alice", "notes"};

TEST(Address, KeepsTheSlashesInTheSlugOfAPost) {
  EXPECT_EQ(blog_url(alice), "/alice/notes");
  EXPECT_EQ(post_url(alice, "travel/rome"), "/alice/notes/travel/rome");
}

TEST(Address, EscapesWhatHtmlOrAUrlReadsOtherwise) {
  EXPECT_EQ(post_url(alice, "träum"), "/alice/notes/tr%C3%A4um");
  EXPECT_EQ(post_url(alice, "a?b#c\"<&'>"), "/alice/notes/a%3Fb%23c%22%3C%26%27%3E");
}

TEST(Address, NamesAnAssetByItsContentAndTheLastPartOfItsPath) {
  const auto empty = base::sha256("");
  EXPECT_EQ(
      asset_url(empty, "img/my cat.png"),
      "/assets/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/my%20cat.png");
  EXPECT_EQ(asset_url(empty, "top.png"),
            "/assets/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/top.png");
}

}  // namespace address_test
}  // namespace devy::blog
