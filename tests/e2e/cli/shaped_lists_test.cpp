#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// What every list has: --jq, --sort, -o, --since and --until, codes, and names that are nearly
// right.

namespace devy::testing {
namespace shaped_lists_test {

using ShapedLists = BlogFixture;

TEST_F(ShapedLists, ShapesTheDocumentOfAnyVerb) {
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  EXPECT_EQ(run({"account", "list", "-o", "name"}).out, "alice\nbob\n");
  EXPECT_EQ(run({"account", "list", "-o", "name", "--sort=-username"}).out, "bob\nalice\n");
  EXPECT_EQ(run({"blog", "list", "-o", "name"}).out, "alice/blog\n");
  EXPECT_EQ(run({"blog", "list", "--jq", ".[].slug"}).out, "blog\n");
  const auto id = record_failed();
  EXPECT_EQ(run({"list", "-o", "name"}).out, id + "\n");
  const auto line = run({"list", "-o", "jsonl"}).out;
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_EQ(nlohmann::json::parse(line)["id"], id);
}

TEST_F(ShapedLists, SortsTablesByTheirColumns) {
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  const auto text = run({"account", "list", "--sort=-username"}).out;
  EXPECT_LT(text.find("bob"), text.find("alice")) << text;
  const auto refused = run({"account", "list", "--sort", "size"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("there is no such column"), std::string::npos) << refused.err;
}

TEST_F(ShapedLists, PrintsErrorsAsJson) {
  const auto missing = run({"inspect", "ffffffff", "--json"});
  EXPECT_EQ(missing.status, 4);
  EXPECT_EQ(missing.out, "");
  const auto error = nlohmann::json::parse(missing.err)["error"];
  EXPECT_EQ(error["code"], "upload_not_found");
  EXPECT_EQ(error["kind"], "not_found");
}

TEST_F(ShapedLists, SelectsByCodeAndTime) {
  const auto failed = record_failed();
  const auto waiting = record();
  EXPECT_EQ(run({"list", "--code", "commit_gone", "-o", "name"}).out, failed + "\n");
  EXPECT_NE(run({"list"}).out.find("commit_gone"), std::string::npos);
  EXPECT_NE(run({"list", "--kind", "all"}).out.find("commit_gone"), std::string::npos);
  EXPECT_EQ(json({"list", "--kind", "all", "--code", "commit_gone"}).size(), 1U);
  database_.execute(
      "update devy.operation set created_at = now() - interval '3 days' where id = '" + failed +
      "'");
  EXPECT_EQ(run({"list", "--since", "yesterday", "-o", "name"}).out, waiting + "\n");
  EXPECT_EQ(run({"list", "--until", "yesterday", "-o", "name"}).out, failed + "\n");
  EXPECT_EQ(run({"list", "--kind", "all", "--until", "1d", "-o", "name"}).out, failed + "\n");
  EXPECT_EQ(json({"list", "--since", "2020-01-01 20:00"}).size(), 2U);
  EXPECT_EQ(run({"list", "--since", "tomorow"}).status, 2);
  const auto cancelled = json({"cancel", "--until", "yesterday", "--yes"});
  EXPECT_EQ(cancelled.size(), 0U);
}

TEST_F(ShapedLists, SuggestsTheNameThatWasMeant) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  const auto suggests = [&](std::vector<std::string> words, const std::string& name) {
    const auto result = run(std::move(words));
    EXPECT_EQ(result.status, 4);
    EXPECT_NE(result.err.find("Did you mean `" + name + "`?"), std::string::npos) << result.err;
  };
  suggests({"blog", "show", "alice/blgo"}, "alice/blog");
  suggests({"blog", "show", "blgo"}, "blog");
  suggests({"account", "show", "alcie"}, "alice");
  suggests({"post", "show", "alice/blog", "helo"}, "hello");
  suggests({"inspect", "@lst"}, "@last");
  const auto right = run({"list", "-o", "name"}).out.substr(0, 8);
  suggests({"inspect", right.substr(0, 7) + (right[7] == 'a' ? "b" : "a")}, right);
}

TEST_F(ShapedLists, ExplainsACode) {
  const auto explained = run({"explain", "commit_gone"});
  EXPECT_EQ(explained.status, 0);
  EXPECT_TRUE(explained.out.starts_with("commit_gone\n  The commit is not in the repository"))
      << explained.out;
  EXPECT_GT(json({"explain"}).size(), 150U);
  const auto unknown = run({"explain", "comit_gone"});
  EXPECT_EQ(unknown.status, 4);
  EXPECT_NE(unknown.err.find("Did you mean `commit_gone`?"), std::string::npos) << unknown.err;
}

TEST_F(ShapedLists, CompletesSlugsAndGuids) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  EXPECT_EQ(run({"completion", "--candidates", "post", "--of", "alice/blog"}).out,
            "hello\nsecond\n");
  database_.execute(
      "insert into devy.delivery (guid, event, verdict)"
      " values ('11111111-2222-3333-4444-555555555555', 'push', 'accepted')");
  EXPECT_EQ(run({"completion", "--candidates", "delivery"}).out,
            "11111111-2222-3333-4444-555555555555\n");
}

}  // namespace shaped_lists_test
}  // namespace devy::testing
