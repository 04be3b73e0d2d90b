// Old addresses of posts.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace redirect_test {

using testing::Lines;
using testing::UploadTest;

class PostRedirect : public UploadTest {
 protected:
  PostRedirect() { write("a.md", "# A\n\nThe text of the post that moves about.\n"); }

  void move(const std::string& from, const std::string& to) {
    author_.rename(from, to);
    push_and_publish();
  }
};

TEST_F(PostRedirect, ResolvesAChainOfRenamesInOneStep) {
  push_and_publish();
  const auto id = value("select id from post");
  move("a.md", "b.md");
  move("b.md", "c.md");
  EXPECT_EQ(redirects(), (Lines{"a c.md", "b c.md"}));
  EXPECT_EQ(value("select id from post"), id);
  EXPECT_EQ(value("select count(distinct post_id) from redirect"), "1");
}

TEST_F(PostRedirect, LeavesNoRedirectOntoItselfAfterARenameAndBack) {
  push_and_publish();
  move("a.md", "b.md");
  move("b.md", "a.md");
  EXPECT_EQ(posts(), Lines{"a.md a"});
  EXPECT_EQ(redirects(), Lines{"b a.md"});
}

TEST_F(PostRedirect, PrefersARealPage) {
  push_and_publish();
  move("a.md", "b.md");
  write("a.md", "# A new one\n\nIt has the old address.\n");
  push_and_publish();
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"}));
  EXPECT_EQ(redirects(), Lines());
}

TEST_F(PostRedirect, DisappearsWithItsPost) {
  write("other.md", "# Other\n");
  push_and_publish();
  move("a.md", "b.md");
  author_.remove_file("b.md");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines());
}

TEST_F(PostRedirect, LeadsToTheLastOwnerOfAnAddress) {
  push_and_publish();
  move("a.md", "b.md");
  write("a.md", "# Second\n\nAnother text, which moves as well.\n");
  push_and_publish();
  move("a.md", "c.md");
  EXPECT_EQ(redirects(), Lines{"a c.md"});
}

TEST_F(PostRedirect, FollowsASlugOfTheFrontMatter) {
  push_and_publish();
  write("a.md", "---\nslug: Fine Address\n---\n# A\n");
  push_and_publish();
  EXPECT_EQ(posts(), Lines{"a.md fine-address"});
  EXPECT_EQ(redirects(), Lines{"a a.md"});
}

TEST_F(PostRedirect, RedirectsAliasesOfTheFrontMatter) {
  write("a.md", "---\naliases: [/2020/Old Page/, /, a]\n---\n# A\n");
  write("b.md", "---\nredirect_from: /elsewhere\n---\n# B\n");
  push_and_publish();
  EXPECT_EQ(redirects(), (Lines{"2020/old-page a.md", "elsewhere b.md"}));
}

TEST_F(PostRedirect, DropsAnAliasThatIsRemoved) {
  write("a.md", "---\naliases: [/old, /older]\n---\n# A\n");
  push_and_publish();
  write("a.md", "---\naliases: /older\n---\n# A\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"older a.md"});
}

TEST_F(PostRedirect, KeepsAFormerSlugWhetherItIsAnAliasOrNot) {
  push_and_publish();
  write("a.md", "---\nslug: fine\naliases: /a\n---\n# A\n");
  push_and_publish();
  write("a.md", "---\nslug: fine\naliases: [/a, /b]\n---\n# A\n");
  push_and_publish();
  EXPECT_EQ(redirects(), (Lines{"a a.md", "b a.md"}));
  write("a.md", "---\nslug: fine\n---\n# A\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"a a.md"});
}

TEST_F(PostRedirect, AcceptsWholeAddressesAsAliases) {
  write("a.md",
        "---\naliases: [\"https://old.example/2019/a.html?x=1#top\", /caf%C3%A9/, \"/?p=12\", 🎉]\n"
        "---\n# A\n");
  push_and_publish();
  EXPECT_EQ(redirects(), (Lines{"2019/a a.md", "café a.md"}));
}

TEST_F(PostRedirect, IgnoresAnAliasOfARealPage) {
  write("a.md", "---\naliases: /other\n---\n# A\n");
  write("other.md", "# Other\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines());
}

TEST_F(PostRedirect, PrefersAnAliasToTheOldSlugOfAnotherPost) {
  push_and_publish();
  // In the upload of the rename, and in one after it.
  author_.rename("a.md", "moved.md");
  write("b.md", "---\naliases: /a\n---\n# B\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"a b.md"});
  move("moved.md", "again.md");
  write("b.md", "---\naliases: [/a, /moved]\n---\n# B\n");
  push_and_publish();
  EXPECT_EQ(redirects(), (Lines{"a b.md", "moved b.md"}));
}

TEST_F(PostRedirect, ReturnsWhenThePageAtItsAddressGoes) {
  push_and_publish();
  move("a.md", "b.md");
  write("a.md", "# A new one\n\nIt has the old address.\n");
  push_and_publish();
  author_.remove_file("a.md");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"a b.md"});
}

TEST_F(PostRedirect, ReturnsToTheAliasWhenThePageAtItsAddressGoes) {
  write("b.md", "---\naliases: [/c]\n---\n# B\n");
  write("c.md", "# C\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines());
  author_.remove_file("c.md");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"c b.md"});
  EXPECT_EQ(value("select is_alias from redirect"), "t");
}

TEST_F(PostRedirect, ReturnsWhenTheAliasAtItsAddressGoes) {
  push_and_publish();
  move("a.md", "b.md");
  write("c.md", "---\naliases: [/a]\n---\n# C\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"a c.md"});
  write("c.md", "# C\n");
  push_and_publish();
  EXPECT_EQ(redirects(), Lines{"a b.md"});
}

TEST_F(PostRedirect, NeedsNoneForSlugsThatAreSwapped) {
  write("b.md", "---\nslug: b\n---\n# B, another text\n");
  write("a.md", "---\nslug: a\n---\n# A\n");
  push_and_publish();
  write("b.md", "---\nslug: a\n---\n# B, another text\n");
  write("a.md", "---\nslug: b\n---\n# A\n");
  push_and_publish();
  EXPECT_EQ(posts(), (Lines{"a.md b", "b.md a"}));
  EXPECT_EQ(redirects(), Lines());
}

}  // namespace redirect_test
}  // namespace devy::upload
