#include "core/platform/git/commit_object.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::git {
namespace commit_object_test {

std::string object(const std::string& lines) {
  return "tree " + std::string(40, 'a') + "\n" + lines;
}

TEST(CommitObject, ReadsParentsTimesAndTheMessage) {
  const auto text = object("parent " + std::string(40, 'b') + "\nparent " + std::string(40, 'c') +
                           "\nauthor A 1 2 <a@b> 1500000000 +0200\n"
                           "committer C <> 1600000000 -0730\nencoding x\n\nSay hello\n\nMore\n");
  const auto commit = parse_commit_object(text).value();
  EXPECT_EQ(commit.tree.hex(), std::string(40, 'a'));
  ASSERT_EQ(commit.parents.size(), 2U);
  EXPECT_EQ(commit.parents[1].hex(), std::string(40, 'c'));
  EXPECT_EQ(commit.authored_at, 1'500'000'000);
  EXPECT_EQ(commit.committed_at, 1'600'000'000);
  EXPECT_EQ(commit.message, "Say hello\n\nMore\n");
}

TEST(CommitObject, TakesABrokenTimeForNone) {
  for (const auto* author : {"author", "author A", "author A <a@b>", "author A <a@b> x +0000",
                             "author A <a@b> 99999999999999999999999 +0000"}) {
    const auto commit = parse_commit_object(object(std::string(author) + "\n\nx"));
    ASSERT_TRUE(commit) << author;
    EXPECT_EQ(commit->authored_at, 0) << author;
    EXPECT_EQ(commit->message, "x");
  }
  EXPECT_EQ(parse_commit_object(object("author A <a@b> -5 +0000\n")).value().authored_at, -5);
}

TEST(CommitObject, RefusesWhatIsNoCommit) {
  for (const auto& text : {std::string(), std::string("tree"), std::string("tree 1234\n"),
                           object("parent 12\n"), std::string("blob x")})
    EXPECT_FALSE(parse_commit_object(text)) << text;
}

}  // namespace commit_object_test
}  // namespace devy::git
