// The commands of projects, tasks and comments, as an operator types them.
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/sync_fixture.hpp"

namespace devy::testing {
namespace sync_test {

std::vector<std::string> names_in(const Document& document) {
  std::vector<std::string> names;
  for (const auto& [name, value] : document.items())
    names.push_back(name);
  return names;
}
using Names = std::vector<std::string>;

TEST_F(SyncCommands, ShowsAnIssueAsATaskAndTellsGithubOfEdits) {
  ASSERT_EQ(connect(), "");
  // What was opened there is seen here.
  const auto tasks = json({"task", "list", "alice/plans"});
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(names_in(tasks[0]),
            (Names{"id",         "project",     "project_id",      "number",       "connection_id",
                   "title",      "body",        "state",           "state_reason", "labels",
                   "milestone",  "list",        "is_pull_request", "is_merged",    "is_draft",
                   "is_locked",  "is_archived", "author",          "edited_by",    "assignees",
                   "comments",   "version",     "created_at",      "updated_at",   "closed_at",
                   "deleted_at", "sync"}));
  EXPECT_EQ(tasks[0]["title"], "The roof leaks");
  EXPECT_EQ(tasks[0]["labels"], Document({"bug"}));
  EXPECT_EQ(tasks[0]["author"]["github_login"], "alice");
  EXPECT_EQ(tasks[0]["sync"]["state"], "synced");
  EXPECT_EQ(tasks[0]["sync"]["github"]["number"], 1);
  const auto comments = json({"comment", "list", "alice/plans#T-1"});
  ASSERT_EQ(comments.size(), 1U);
  EXPECT_EQ(comments[0]["body"], "Since when?");
  // What is edited here is seen there.
  const auto edited =
      json({"task", "edit", "alice/plans#T-1", "--title", "The roof is mended", "--here"});
  EXPECT_EQ(edited["sync"]["state"], "synced") << edited.dump(2);
  EXPECT_EQ(issue(1)["title"], "The roof is mended");
  EXPECT_EQ(json({"task", "close", "alice/plans#T-1", "--here"})["state"], "closed");
  EXPECT_EQ(issue(1)["state"], "closed");
  // Then nothing is left to be told, and nothing is asked.
  github_.forget_requests();
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(requests(), 0U);
  EXPECT_EQ(json({"project", "sync", "alice/plans", "--here"})["state"], "synced");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(writes(), Names());
  EXPECT_EQ(json({"project", "verify", "alice/plans"})["different"], Document::array());
}

TEST_F(SyncCommands, MakesIssuesAndCommentsOfWhatIsAddedHere) {
  ASSERT_EQ(connect(), "");
  const auto added = json({"task", "add", "alice/plans", "--title", "Paint the door", "--body",
                           "Blue.", "--label", "bug", "--here"});
  EXPECT_EQ(added["sync"]["state"], "synced") << added.dump(2);
  EXPECT_EQ(added["sync"]["github"]["number"], 2);
  EXPECT_EQ(issue(2)["title"], "Paint the door");
  EXPECT_NE(issue(2)["body"].get<std::string>().find("Blue."), std::string::npos);
  const auto id = added["id"].get<std::string>();
  const auto said = json({"comment", "add", id.substr(0, 8), "--body", "Done.", "--here"});
  EXPECT_EQ(said["sync"]["state"], "synced") << said.dump(2);
  EXPECT_EQ(json({"comment", "edit", said["id"], "--body", "Done, and dry.", "--here"})["body"],
            "Done, and dry.");
  EXPECT_EQ(run({"comment", "delete", said["id"]}).status, 9);
  EXPECT_EQ(run({"comment", "delete", said["id"], "--yes", "--here"}).status, 0);
  github_.forget_requests();
  EXPECT_EQ(json({"project", "sync", "alice/plans", "--here"})["state"], "synced");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(writes(), Names());
  // Nothing was doubled.
  EXPECT_EQ(json({"task", "list", "alice/plans"}).size(), 2U);
}

TEST_F(SyncCommands, KeepsWhatLostAndHasItBack) {
  ASSERT_EQ(connect(), "");
  EXPECT_EQ(run({"task", "edit", "alice/plans#T-1", "--title", "Ours"}).status, 0);
  github_.control(
      R"([{"do": "edit_issue", "repository": "alice/notes", "number": 1, "title": "Theirs"}])");
  const auto shown = json({"task", "sync", "alice/plans#T-1", "--here"});
  EXPECT_EQ(shown["title"], "Theirs") << shown.dump(2);
  EXPECT_EQ(shown["sync"]["state"], "conflict") << shown.dump(2);
  ASSERT_EQ(shown["sync"]["lost"].size(), 1U) << shown.dump(2);
  EXPECT_EQ(shown["sync"]["lost"][0]["field"], "title");
  const auto version = shown["sync"]["lost"][0]["version"].dump();
  const auto back = json({"task", "restore", "alice/plans#T-1", "--version", version, "--here"});
  EXPECT_EQ(back["title"], "Ours");
  EXPECT_EQ(back["sync"]["state"], "synced") << back.dump(2);
  EXPECT_EQ(issue(1)["title"], "Ours");
}

TEST_F(SyncCommands, SaysWhatIsWrong) {
  EXPECT_EQ(run({"project", "add", "alice/plans"}).status, 4);  // there is no such account
  EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
  EXPECT_EQ(run({"project", "add", "alice"}).status, 2);
  EXPECT_EQ(run({"project", "add", "alice/plans", "--private"}).status, 0);
  EXPECT_EQ(run({"project", "add", "alice/plans"}).status, 5);
  EXPECT_EQ(run({"project", "edit", "alice/plans"}).status, 2);
  EXPECT_EQ(json({"project", "edit", "alice/plans", "--conflict", "local"})["conflict"], "local");
  EXPECT_EQ(run({"project", "show", "alice/other"}).status, 4);
  EXPECT_EQ(run({"project", "member", "add", "alice/plans", "bob"}).status, 4);
  EXPECT_EQ(run({"task", "show", "alice/plans#T-9"}).status, 4);
  EXPECT_EQ(run({"task", "show", "zzzz"}).status, 4);
  EXPECT_EQ(run({"task", "add", "alice/plans", "--title", ""}).status, 2);
  const auto task = json({"task", "add", "alice/plans", "--title", "Alone", "--list", "doing"});
  EXPECT_EQ(task["sync"]["state"], "local");
  EXPECT_EQ(task["sync"]["github"], nullptr);
  EXPECT_EQ(run({"task", "edit", task["id"], "--title", "Changed", "--version", "7"}).status, 5);
  EXPECT_EQ(run({"task", "sync", task["id"]}).status, 5);
  EXPECT_EQ(json({"task", "edit", task["id"], "--add-label", "red"})["labels"], Document({"red"}));
  EXPECT_EQ(json({"task", "list", "alice/plans", "--label", "red", "--sync", "local"}).size(), 1U);
  EXPECT_EQ(json({"task", "list", "alice/plans", "--text", "t-1"}).size(), 1U);
  EXPECT_EQ(json({"task", "list", "alice/plans", "--list", "inbox"}).size(), 0U);
  EXPECT_EQ(run({"project", "sync", "alice/plans"}).status, 5);
  EXPECT_EQ(run({"project", "delete", "alice/plans"}).status, 9);
  EXPECT_EQ(json({"installation", "list"}), Document::array());
  EXPECT_EQ(run({"installation", "show", "alice"}).status, 4);
}

}  // namespace sync_test
}  // namespace devy::testing
