#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// `account set|remove`, `blog set|remove`, `token allow`: what exists is changed, and goes.

namespace devy::testing {
namespace changes_test {

class ChangeCommands : public BlogFixture {
 protected:
  [[nodiscard]] std::string acts() const {
    return database_.scalar(
        "select coalesce(string_agg(act, ' ' order by id), '') from devy.audit"
        " where act not like 'blog.connect' and act not like 'blog.trigger'");
  }
};

TEST_F(ChangeCommands, MakesAnAccountASupporterAndNoMore) {
  EXPECT_EQ(run({"account", "set", "alice"}).status, 2);
  EXPECT_EQ(json({"account", "set", "alice", "--supporter"})["is_changed"], true);
  const auto second = run({"blog", "connect", "alice/more", "file:///nowhere/more.git"});
  EXPECT_EQ(second.status, 0) << second.err;
  const auto refused = run({"account", "set", "alice", "--no-supporter"});
  EXPECT_EQ(refused.status, 5);
  EXPECT_NE(refused.err.find("it has 2 blogs"), std::string::npos) << refused.err;
  EXPECT_EQ(json({"account", "show", "alice"})["is_supporter"], true);
  EXPECT_EQ(acts(), "account.supporter_on");
}

TEST_F(ChangeCommands, RemovesABlogWithEverything) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  const auto connected = run({"blog", "remove", "alice/blog", "--yes"});
  EXPECT_EQ(connected.status, 5);
  EXPECT_EQ(run({"account", "remove", "alice", "--yes"}).status, 5);
  EXPECT_EQ(run({"blog", "disconnect", "alice/blog", "--yes"}).status, 0);
  EXPECT_EQ(run({"blog", "remove", "alice/blog"}).status, 9);
  const auto removed = run({"blog", "remove", "alice/blog", "--yes", "--reason", "gone"});
  EXPECT_EQ(removed.status, 0) << removed.err;
  EXPECT_EQ(database_.scalar("select count(*) from devy.post"), "0");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation"), "0");
  EXPECT_EQ(run({"blog", "show", "alice/blog"}).status, 4);
  // The same commit is published anew.
  EXPECT_EQ(run({"blog", "connect", "alice/blog", "file://" + author_.folder()}).status, 0);
  EXPECT_EQ(json({"trigger", "alice/blog", "--here"})["state"], "completed");
  EXPECT_EQ(database_.scalar("select count(*) from devy.post"), "2");
}

TEST_F(ChangeCommands, RemovesAnAccountThatHasNothing) {
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  EXPECT_EQ(run({"account", "remove", "bob"}).status, 9);
  EXPECT_EQ(run({"account", "remove", "bob", "--dry-run"}).status, 0);
  EXPECT_EQ(json({"account", "remove", "bob", "--yes"})["removed"], true);
  EXPECT_EQ(run({"account", "show", "bob"}).status, 4);
  EXPECT_EQ(acts(), "account.remove");
}

TEST_F(ChangeCommands, ChangesTheBranchAndTheRepositoryOfABlog) {
  EXPECT_EQ(run({"blog", "set", "alice/blog"}).status, 2);
  EXPECT_EQ(json({"blog", "set", "alice/blog", "--branch", "other"})["branch"], "other");
  EXPECT_EQ(json({"blog", "set", "alice/blog", "--no-branch"})["branch"], nullptr);
  const auto moved =
      json({"blog", "set", "alice/blog", "--url", "file:///moved/notes.git", "--github-id", "77"});
  EXPECT_EQ(moved["repository_url"], "file:///moved/notes.git");
  EXPECT_EQ(moved["github_id"], 77);
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  EXPECT_EQ(run({"blog", "connect", "bob/notes", "file:///bob/notes.git"}).status, 0);
  const auto taken = run({"blog", "set", "bob/notes", "--github-id", "77"});
  EXPECT_EQ(taken.status, 5);
  EXPECT_NE(taken.err.find("another repository has that id"), std::string::npos) << taken.err;
  EXPECT_EQ(acts(), "blog.set blog.set blog.set");
}

TEST_F(ChangeCommands, AllowsATokenAgain) {
  EXPECT_EQ(run({"token", "deny", "5f2c9c1e"}).status, 0);
  EXPECT_EQ(run({"token", "list", "-o", "name"}).out, "5f2c9c1e\n");
  EXPECT_EQ(run({"token", "allow", "5f2c9c1e"}).status, 0);
  EXPECT_EQ(json({"token", "list"}).size(), 0U);
  EXPECT_EQ(run({"token", "allow", "5f2c9c1e"}).status, 4);
}

TEST_F(ChangeCommands, AsksTheRemoteBeforeItConnects) {
  EXPECT_EQ(run({"account", "set", "alice", "--supporter"}).status, 0);
  const auto gone = run({"blog", "connect", "alice/gone", "file:///nowhere/gone.git", "--check"});
  EXPECT_NE(gone.status, 0);
  EXPECT_EQ(run({"blog", "show", "alice/gone"}).status, 4);
  GitRepository other(folder_ / "other");
  other.write_file("a.md", "# A\n");
  other.commit("Write");
  const auto connected =
      run({"blog", "connect", "alice/other", "file://" + other.folder(), "--check"});
  EXPECT_EQ(connected.status, 0) << connected.err;
  EXPECT_NE(connected.err.find("the remote answers: "), std::string::npos) << connected.err;
  EXPECT_NE(connected.err.find("Payload URL"), std::string::npos) << connected.err;
}

TEST_F(ChangeCommands, TriggersSeveralBlogsAtOnce) {
  EXPECT_EQ(run({"account", "set", "alice", "--supporter"}).status, 0);
  GitRepository other(folder_ / "other");
  other.write_file("a.md", "# A\n");
  other.commit("Write");
  EXPECT_EQ(run({"blog", "connect", "alice/more", "file://" + other.folder()}).status, 0);
  EXPECT_EQ(run({"trigger"}).status, 2);
  EXPECT_EQ(run({"trigger", "--all", "alice/blog"}).status, 2);
  EXPECT_EQ(run({"trigger", "--all"}).status, 9);
  const auto all = json({"trigger", "--all", "--yes"});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["blog"], "alice/blog");
  EXPECT_EQ(all[1]["blog"], "alice/more");
  const auto both = json({"trigger", "alice/blog", "alice/more", "--here"});
  EXPECT_EQ(both[0]["state"], "completed");
  EXPECT_EQ(both[1]["state"], "completed");
  EXPECT_EQ(run({"blog", "disconnect", "alice/more", "--yes"}).status, 0);
  EXPECT_EQ(run({"trigger", "alice/blog", "alice/more"}).status, 11);
}

TEST_F(ChangeCommands, PrintsFindingsInTheFormsOfOthers) {
  author_.write_file("broken: 1.md", "---\ntitle: [\n---\n# X\n");
  const auto github = run({"check", author_.folder(), "--format", "github"});
  EXPECT_EQ(github.status, 10);
  EXPECT_NE(github.out.find("::error file="), std::string::npos) << github.out;
  EXPECT_NE(github.out.find("broken%3A 1.md,line="), std::string::npos) << github.out;
  const auto sarif = run({"check", author_.folder(), "--format", "sarif"});
  const auto document = nlohmann::json::parse(sarif.out);
  EXPECT_EQ(document["version"], "2.1.0");
  const auto result = document["runs"][0]["results"][0];
  EXPECT_EQ(result["level"], "error");
  const auto place = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "broken%3A%201.md");
  EXPECT_GT(place["region"]["startLine"], 0);
}

}  // namespace changes_test
}  // namespace devy::testing
