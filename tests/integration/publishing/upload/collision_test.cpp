// Two files that want one address.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace collision_test {

using testing::changes_text;
using testing::Lines;
using testing::UploadTest;

using SlugCollision = UploadTest;

std::string with_slug(const std::string& slug, const std::string& title) {
  return "---\nslug: " + slug + "\ntitle: " + title + "\n---\nText of " + title + ".\n";
}

TEST_F(SlugCollision, GivesTheSlugToTheFirstPathOfTwoNewFiles) {
  write("a.md", with_slug("same", "A"));
  write("b.md", with_slug("same", "B"));
  EXPECT_EQ(changes_text(push_and_publish()), "1 0 0 0 0 1");
  EXPECT_EQ(posts(), Lines{"a.md same"});
  EXPECT_EQ(file_errors(), Lines{"b.md:0:0: slug 'same' is already taken by 'a.md'"});
}

TEST_F(SlugCollision, LeavesTheSlugToItsOwner) {
  write("z.md", with_slug("same", "Z"));
  push_and_publish();
  write("a.md", with_slug("same", "A"));
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 0 1 1");
  EXPECT_EQ(posts(), Lines{"z.md same"});
  EXPECT_EQ(file_errors(), Lines{"a.md:0:0: slug 'same' is already taken by 'z.md'"});
}

TEST_F(SlugCollision, PublishesTheOtherFileOnceTheOwnerIsGone) {
  write("a.md", with_slug("same", "A"));
  write("b.md", with_slug("same", "B"));
  write("c.md", "# C\n");
  push_and_publish();
  author_.remove_file("a.md");
  push_and_publish();
  EXPECT_EQ(posts(), (Lines{"b.md same", "c.md c"}));
  EXPECT_EQ(file_errors(), Lines());
}

TEST_F(SlugCollision, KeepsTheLastGoodVersionOfADisplacedPost) {
  write("a.md", with_slug("same", "A"));
  write("b.md", with_slug("other", "B"));
  push_and_publish();
  write("b.md", with_slug("same", "B two"));
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 0 1 1");
  EXPECT_EQ(rows("select slug, title from post order by slug"), (Lines{"other|B", "same|A"}));
  write("a.md", with_slug("elsewhere", "A"));
  push_and_publish();
  EXPECT_EQ(rows("select slug, title from post order by slug"),
            (Lines{"elsewhere|A", "same|B two"}));
  EXPECT_EQ(redirects(), Lines{"other b.md"});
}

TEST_F(SlugCollision, AllowsTwoPostsToSwapTheirSlugs) {
  write("a.md", with_slug("one", "A"));
  write("b.md", with_slug("two", "B"));
  push_and_publish();
  write("a.md", with_slug("two", "A"));
  write("b.md", with_slug("one", "B"));
  EXPECT_EQ(changes_text(push_and_publish()), "0 2 0 0 0 0");
  EXPECT_EQ(posts(), (Lines{"a.md two", "b.md one"}));
  EXPECT_EQ(redirects(), Lines());
}

TEST_F(SlugCollision, AllowsTwoFilesToSwapTheirPaths) {
  write("a.md", "# First\n\nThis one was first.\n");
  write("b.md", "# Second\n\nAnd that was another.\n");
  push_and_publish();
  author_.rename("a.md", "tmp.md");
  author_.rename("b.md", "a.md");
  author_.rename("tmp.md", "b.md");
  push_and_publish();
  EXPECT_EQ(rows("select path, title from post order by path"),
            (Lines{"a.md|Second", "b.md|First"}));
}

TEST_F(SlugCollision, PassesEachSlugOnInAChainOfMoves) {
  write("a.md", "# First\n\nThis one was first of all of them.\n");
  write("b.md", "# Second\n\nAnd that was another text.\n");
  push_and_publish();
  author_.rename("b.md", "c.md");
  author_.rename("a.md", "b.md");
  push_and_publish();
  EXPECT_EQ(rows("select path, slug, title from post order by path"),
            (Lines{"b.md|b|First", "c.md|c|Second"}));
}

TEST_F(SlugCollision, OccursBetweenPathsThatDifferInCase) {
  write("Hello.md", "# One\n");
  write("hello.md", "# Two\n");
  push_and_publish();
  EXPECT_EQ(posts(), Lines{"Hello.md hello"});
  EXPECT_EQ(file_errors(), Lines{"hello.md:0:0: slug 'hello' is already taken by 'Hello.md'"});
}

TEST_F(SlugCollision, OccursBetweenPathsThatDifferInNormalisation) {
  write("caf\u00e9.md", "# Composed\n");
  write("cafe\u0301.md", "# Decomposed\n");
  push_and_publish();
  EXPECT_EQ(posts(), Lines{"cafe\u0301.md caf\u00e9"});
  EXPECT_EQ(value("select count(*) from file_error"), "1");
}

TEST_F(SlugCollision, KeepsTheAddressOfAPostRenamedOntoATakenSlug) {
  write("a.md", with_slug("taken", "A"));
  write("b.md", "# B\n\nText of the one that moves.\n");
  push_and_publish();
  author_.rename("b.md", "taken.md");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 0 1 1");
  EXPECT_EQ(posts(), (Lines{"a.md taken", "taken.md b"}));
  EXPECT_EQ(file_errors(), Lines{"taken.md:0:0: slug 'taken' is already taken by 'a.md'"});
  write("c.md", "# C\n");
  push_and_publish();
  EXPECT_EQ(value("select count(*) from file_error"), "1") << "it is tried again, not forgotten";
  write("a.md", with_slug("free", "A"));
  push_and_publish();
  EXPECT_EQ(posts(), (Lines{"a.md free", "c.md c", "taken.md taken"}));
}

}  // namespace collision_test
}  // namespace devy::upload
