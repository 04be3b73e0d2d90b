#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// The verbs of the browser side: web, account operator, audit, config key.

namespace devy::testing {
namespace web_commands_test {

using Keys = std::vector<std::string>;
using WebCommands = BlogFixture;

TEST_F(WebCommands, PrintsAnAddressThatLogsIn) {
  const auto link = json({"web", "link", "--as", "Alice"});
  EXPECT_EQ(keys_of(link), (Keys{"username", "url", "expires_at"}));
  const auto url = link["url"].get<std::string>();
  EXPECT_TRUE(url.starts_with("http://127.0.0.1:8000/login/link/")) << url;
  const auto token = url.substr(url.rfind('/') + 1);
  EXPECT_EQ(database_.number("select count(*) from devy.login_link where token_hash = sha256('" +
                             token + "') and expires_at <= clock_timestamp() + interval '1 min'"),
            1);
  // The token is nowhere else.
  EXPECT_EQ(
      database_.number("select count(*) from devy.audit a where a::text like '%" + token + "%'"),
      0);
  EXPECT_EQ(run({"web", "link", "--as", "eve"}).status, 4);
}

TEST_F(WebCommands, LogsInTheOnlyOperatorOrTheOnlyAccount) {
  EXPECT_EQ(json({"web", "link"})["username"], "alice");
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  EXPECT_EQ(run({"web", "link"}).status, 2);
  EXPECT_EQ(run({"account", "operator", "bob", "on"}).status, 0);
  EXPECT_EQ(json({"web", "link"})["username"], "bob");
}

TEST_F(WebCommands, MakesAnOperatorAndNotesIt) {
  const auto made = json({"account", "operator", "Alice", "on", "--reason", "on call"});
  EXPECT_EQ(keys_of(made), (Keys{"username", "is_operator", "is_changed"}));
  EXPECT_EQ(made["is_changed"], true);
  EXPECT_EQ(json({"account", "operator", "alice", "on"})["is_changed"], false);
  EXPECT_EQ(database_.scalar("select is_operator from devy.account"), "t");
  EXPECT_EQ(run({"account", "operator", "eve", "on"}).status, 4);
  EXPECT_EQ(run({"account", "operator", "alice", "maybe"}).status, 2);
  EXPECT_EQ(run({"account", "operator", "alice", "off"}).status, 0);
  const auto acts = json({"audit", "list", "--target", "alice"});
  ASSERT_EQ(acts.size(), 2U);
  EXPECT_EQ(keys_of(acts[0]), (Keys{"id", "at", "actor", "address", "act", "target", "filter",
                                    "count", "reason", "result"}));
  EXPECT_EQ(acts[0]["act"], "account.operator_off");
  EXPECT_EQ(acts[1]["act"], "account.operator_on");
  EXPECT_EQ(acts[1]["target"], "alice");
  EXPECT_EQ(acts[1]["reason"], "on call");
  EXPECT_EQ(json({"audit", "list", "--act", "account.operator_on"}).size(), 1U);
  EXPECT_NE(run({"audit", "list"}).out.find("on call"), std::string::npos);
}

TEST_F(WebCommands, ListsAndEndsSessions) {
  EXPECT_EQ(json({"web", "session", "list"}).size(), 0U);
  database_.execute(
      "select devy.web_session_begin(id, sha256(n::text::bytea), '12 h', '7 d', 'Firefox', "
      "'192.0.2.7', 'github') from devy.account, generate_series(1, 3) n");
  const auto listed = json({"web", "session", "list", "--of", "alice"});
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(keys_of(listed[0]), (Keys{"id", "username", "method", "created_at", "seen_at",
                                      "expires_at", "ends_at", "address", "agent"}));
  EXPECT_NE(run({"web", "session", "list"}).out.find("Firefox"), std::string::npos);
  const auto id = listed[0]["id"].get<std::string>();
  EXPECT_EQ(run({"web", "session", "end"}).status, 2);
  EXPECT_EQ(run({"web", "session", "end", "00000000"}).status, 4);
  EXPECT_EQ(json({"web", "session", "end", id.substr(0, 8), "--reason", "lost"})["ended"], 1);
  EXPECT_EQ(run({"web", "session", "end", id}).status, 4);
  EXPECT_EQ(json({"web", "session", "end", "--of", "alice"})["ended"], 2);
  EXPECT_EQ(json({"web", "session", "list"}).size(), 0U);
  EXPECT_EQ(json({"audit", "list"})[1]["reason"], "lost");
}

TEST_F(WebCommands, MakesAKeyFileOnce) {
  const auto path = folder_ / "web.key";
  EXPECT_EQ(run({"config", "key", path, "--dry-run"}).status, 0);
  EXPECT_EQ(json({"config", "key", path})["file"], path);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  const auto before = read_text(path);
  EXPECT_EQ(before.size(), 45U);
  EXPECT_EQ(run({"config", "key", path}).status, 5);
  EXPECT_EQ(read_text(path), before);
}

}  // namespace web_commands_test
}  // namespace devy::testing
