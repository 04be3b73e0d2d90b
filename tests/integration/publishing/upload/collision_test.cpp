// Two files that want one address: each has one of its own.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace collision_test {

using testing::changes_text;
using testing::Lines;
using testing::UploadTest;

class SlugCollision : public UploadTest {
 protected:
  static Lines warnings(const publishing::Upload& upload) {
    Lines texts;
    for (const auto& warning : upload.warnings)
      texts.push_back(snapshot::to_string(warning));
    return texts;
  }
};

std::string with_slug(const std::string& slug, const std::string& title) {
  return "---\nslug: " + slug + "\ntitle: " + title + "\n---\nText of " + title + ".\n";
}

TEST_F(SlugCollision, PublishesBothFilesThatWantOneWrittenSlug) {
  write("a.md", with_slug("same", "A"));
  write("b.md", with_slug("same", "B"));
  const auto upload = push_and_publish();
  EXPECT_EQ(changes_text(upload), "2 0 0 0 0 0");
  EXPECT_EQ(posts(), (Lines{"a.md same", "b.md b"}));
  EXPECT_EQ(file_errors(), Lines());
  EXPECT_EQ(warnings(upload), Lines{"b.md:2:7: slug 'same' is already taken by 'a.md'; this post "
                                    "is published as 'b'"});
}

TEST_F(SlugCollision, ReplacesTheLastPartOfThePathByAWrittenSlug) {
  write("de/about.md", with_slug("about", "D"));
  write("en/about.md", with_slug("about", "E"));
  write("en/rooted.md", with_slug("/whole/address", "R"));
  write("en/jekyll.md", "---\npermalink: /2019/a-page.html\n---\n# J\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(posts(), (Lines{"de/about.md de/about", "en/about.md en/about",
                            "en/jekyll.md 2019/a-page", "en/rooted.md whole/address"}));
}

TEST_F(SlugCollision, PublishesAllPathsThatGiveOneSlug) {
  for (const auto* path : {"lang/c.md", "lang/c++.md", "lang/c#.md", "q/1.0.md", "q/1-0.md",
                           "n/a_b.md", "n/a-b.md", "\U0001f389.md", "\U0001f388.md"})
    write(path, "# x " + std::string(path) + "\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(changes_text(upload), "9 0 0 0 0 0");
  EXPECT_EQ(warnings(upload), Lines());
  EXPECT_EQ(value("select count(distinct slug) from post"), "9");
  EXPECT_EQ(rows("select slug from post where path in"
                 " ('lang/c.md', 'lang/c++.md', 'lang/c#.md', 'n/a-b.md', 'q/1-0.md')"
                 " order by slug collate \"C\""),
            (Lines{"lang/c", "lang/c-plus-plus", "lang/c-sharp", "n/a-b", "q/1-0"}));
}

TEST_F(SlugCollision, KeepsSlugsWhateverComesAndGoes) {
  write("q/1.0.md", "# Dots\n");
  push_and_publish();
  write("q/1-0.md", "# Hyphen\n");
  push_and_publish();
  const auto before = posts();
  EXPECT_EQ(before[1], "q/1.0.md q/1-0") << "who had it keeps it from a plainer path";
  author_.remove_file("q/1.0.md");
  write("q/1-0.md", "# Hyphen, edited\n");
  push_and_publish();
  EXPECT_EQ(posts(), Lines{before[0]});
  EXPECT_EQ(redirects(), Lines());
}

TEST_F(SlugCollision, GivesOneEndingWhateverTheOrderOfUploads) {
  write("a/B.md", "# B\n");
  write("a/b.md", "# b\n");
  push_and_publish();
  const auto together = value("select slug from post where path = 'a/B.md'");
  author_.remove_file("a/B.md");
  push_and_publish();
  write("a/B.md", "# B comes again\n");
  write("z.md", "# Z\n");
  push_and_publish();
  EXPECT_EQ(value("select slug from post where path = 'a/B.md'"), together);
}

TEST_F(SlugCollision, LeavesTheSlugToItsOwner) {
  write("z.md", with_slug("same", "Z"));
  push_and_publish();
  write("a.md", with_slug("same", "A"));
  EXPECT_EQ(changes_text(push_and_publish()), "1 0 0 0 1 0");
  EXPECT_EQ(posts(), (Lines{"a.md a", "z.md same"}));
}

TEST_F(SlugCollision, MovesAPostWhoseNewSlugIsTakenToTheSlugOfItsPath) {
  write("a.md", with_slug("same", "A"));
  write("b.md", with_slug("other", "B"));
  push_and_publish();
  write("b.md", with_slug("same", "B two"));
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 1 0");
  EXPECT_EQ(rows("select slug, title from post order by slug"), (Lines{"b|B two", "same|A"}));
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
  EXPECT_EQ(value("select slug from post where path = 'hello.md'"), "hello");
  EXPECT_TRUE(value("select slug from post where path = 'Hello.md'").starts_with("hello-"));
}

TEST_F(SlugCollision, OccursBetweenPathsThatDifferInNormalisation) {
  write("caf\u00e9.md", "# Composed\n");
  write("cafe\u0301.md", "# Decomposed\n");
  push_and_publish();
  EXPECT_EQ(value("select slug from post where path = 'caf\u00e9.md'"), "caf\u00e9");
  EXPECT_EQ(value("select count(distinct slug) from post"), "2");
}

TEST_F(SlugCollision, GivesAnEndingToAPostRenamedOntoATakenSlug) {
  write("a.md", with_slug("taken", "A"));
  write("b.md", "# B\n\nText of the one that moves.\n");
  push_and_publish();
  author_.rename("b.md", "taken.md");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 1 0 1 0");
  EXPECT_TRUE(value("select slug from post where path = 'taken.md'").starts_with("taken-"));
  EXPECT_EQ(redirects(), Lines{"b taken.md"});
}

TEST_F(SlugCollision, TakesTheAddressOfARedirect) {
  write("a.md", "# A\n\nThe text of the post that moves away.\n");
  push_and_publish();
  author_.rename("a.md", "moved.md");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"a moved.md"});
  write("b.md", with_slug("a", "B"));
  push_and_publish();
  EXPECT_EQ(posts(), (Lines{"b.md a", "moved.md moved"}));
  EXPECT_EQ(redirects(), Lines());
}

}  // namespace collision_test
}  // namespace devy::upload
