// The commands of gists, as an operator types them.
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/gist_fixture.hpp"

namespace devy::testing {
namespace gist_test {

std::vector<std::string> keys_of(const Document& document) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : document.items())
    keys.push_back(key);
  return keys;
}
using Keys = std::vector<std::string>;

TEST_F(GistCommands, TracksScansAndShowsWhatIsNew) {
  github_.control(R"([{"do": "create_gist", "owner": "alice", "id": "7d20c1a9e47d20c1a9e4",
      "description": "Alarm", "files": {"alarm.py": {"content": "print(1)\n\u001b[2J", "language": "Python"}}}])");
  const auto user = json({"gist", "user", "add", "Alice", "--id", "42"});
  EXPECT_EQ(keys_of(user), (Keys{"login", "id", "github_id", "state", "since", "gists", "files",
                                 "scanned_at", "next_scan_at", "failures", "error"}));
  EXPECT_EQ(user["login"], "alice");
  EXPECT_EQ(user["state"], "new");
  const auto scanned = json({"gist", "scan", "alice", "--here"});
  EXPECT_EQ(scanned[0]["state"], "completed") << scanned.dump();
  const auto gists = json({"gist", "list", "alice"});
  ASSERT_EQ(gists.size(), 1U);
  EXPECT_EQ(keys_of(gists[0]), (Keys{"id", "owner", "description", "html_url", "created_at",
                                     "updated_at", "gone_at", "gone_reason", "partial", "files"}));
  EXPECT_EQ(keys_of(gists[0]["files"][0]),
            (Keys{"filename", "language", "size", "blob", "version", "content_state", "found_at"}));
  EXPECT_EQ(run({"gist", "show", "7d20", "--file", "alarm.py", "--raw"}).out, "print(1)\n\x1b[2J");
  EXPECT_EQ(run({"gist", "show", "7d20", "--file", "alarm.py"}).out.find('\x1b'),
            std::string::npos);
  const auto latest = json({"gist", "latest", "alice", "--visitor", "github:7", "--peek"});
  EXPECT_EQ(keys_of(latest), (Keys{"session", "visitor", "from", "to", "more", "gists"}));
  EXPECT_EQ(latest["session"], nullptr);
  EXPECT_EQ(json({"gist", "latest", "alice", "--visitor", "github:7"})["gists"].size(), 1U);
  EXPECT_EQ(json({"gist", "latest", "alice", "--visitor", "github:7"})["gists"].size(), 0U);
  const auto routines = json({"gist", "routine", "list"});
  EXPECT_EQ(keys_of(routines[0]), (Keys{"id", "reason", "started_at", "finished_at", "pending",
                                        "users", "failed", "gists", "files"}));
  EXPECT_EQ(json({"gist", "routine", "show", routines[0]["id"].dump()})["added"][0]["login"],
            "alice");
}

TEST_F(GistCommands, KeepsWhatWasFoundUnlessItIsToBeForgotten) {
  github_.control(R"([{"do": "create_gists", "owner": "alice", "count": 2}])");
  EXPECT_EQ(run({"gist", "user", "add", "alice"}).status, 0);
  EXPECT_EQ(run({"gist", "scan", "--all", "--here"}).status, 0);
  EXPECT_EQ(run({"gist", "user", "remove", "alice"}).status, 0);
  EXPECT_EQ(json({"gist", "list", "alice"}).size(), 2U);
  EXPECT_EQ(run({"gist", "scan", "alice"}).status, 4);
  EXPECT_EQ(run({"gist", "user", "remove", "alice", "--forget"}).status, 9);
  EXPECT_EQ(run({"gist", "user", "remove", "alice", "--forget", "--yes"}).status, 0);
  EXPECT_EQ(run({"gist", "list", "alice"}).status, 4);
  EXPECT_EQ(database_.scalar("select count(*) from devy.gist"), "0");
}

TEST_F(GistCommands, SaysWhatIsWrong) {
  EXPECT_EQ(run({"gist", "user", "add", "a b"}).status, 2);
  EXPECT_EQ(run({"gist", "user", "add"}).status, 2);
  EXPECT_EQ(run({"gist", "user", "add", "alice", "--id", "1"}).status, 0);
  EXPECT_EQ(run({"gist", "user", "add", "bob", "--id", "1"}).status, 5);
  EXPECT_EQ(run({"gist", "scan"}).status, 2);
  EXPECT_EQ(run({"gist", "show", "%"}).status, 4);
  EXPECT_EQ(run({"gist", "latest", "nobody"}).status, 4);
  EXPECT_EQ(run({"gist", "routine", "show", "7"}).status, 4);
  github_.control(
      R"([{"do": "faults", "rules": [{"path": "/users/alice", "status": 401, "times": 9}]}])");
  EXPECT_EQ(run({"gist", "scan", "alice", "--here"}).status, 3);
  EXPECT_EQ(json({"gist", "user", "show", "alice"})["failures"], 1);
}

}  // namespace gist_test
}  // namespace devy::testing
