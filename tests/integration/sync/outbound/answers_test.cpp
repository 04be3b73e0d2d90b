// The table of answers of sync.md, section 5: what GitHub says, and what becomes of a write.
#include <gtest/gtest.h>

#include "core/sync/record/marker.hpp"
#include "core/sync/store/connection_store.hpp"
#include "core/sync/tokens/user_tokens.hpp"
#include "tests/integration/sync/outbound/outbound_fixture.hpp"

namespace devy::sync {
namespace answers_test {

using Strings = std::vector<std::string>;

class Answers : public testing::OutboundFixture {
 protected:
  void fault(const std::string& members) {
    control(R"({"do": "faults", "rules": [{)" + members + "}]}");
  }
  [[nodiscard]] std::size_t issues_there() const {
    return nlohmann::json::parse(github_.state())["repositories"][0]["issues"].size();
  }
};

TEST_F(Answers, FindsAnIssueAgainWhoseAnswerWasLost) {
  fault(R"("method": "POST", "path": "/issues$", "status": 502, "done": true)");
  const auto added = add_task("Once");
  run_all();
  EXPECT_EQ(number_of(added.id), 0);
  EXPECT_EQ(column(added.id, "intent is null"), "f");
  run_again();
  EXPECT_EQ(number_of(added.id), 2);
  EXPECT_EQ(issues_there(), 2);
  EXPECT_EQ(writes(), Strings{"POST /repos/alice/notes/issues"});
  EXPECT_TRUE(is_equal());
}

TEST_F(Answers, FindsItByItsNumberWhileTheListsLag) {
  control(R"({"do": "switches", "list_lag": 1000})");
  fault(R"("method": "POST", "path": "/issues$", "cut": true)");
  const auto added = add_task("Once");
  run_all();
  run_again();
  EXPECT_EQ(number_of(added.id), 2);
  EXPECT_EQ(writes(), Strings{"POST /repos/alice/notes/issues"});
}

TEST_F(Answers, SendsAgainWhatIsNotThereAfterThreeLooks) {
  fault(R"("method": "POST", "path": "/issues$", "status": 500)");
  const auto added = add_task("Once more");
  run_all();
  for (int looks = 0; looks < 3; ++looks)
    run_again();
  EXPECT_EQ(number_of(added.id), 2);
  EXPECT_EQ(issues_there(), 2);
  EXPECT_EQ(writes().size(), 2);
}

TEST_F(Answers, FindsACommentAgain) {
  fault(R"("method": "POST", "path": "/comments$", "status": 502, "done": true)");
  const auto comment = add_comment(first_task(), "said once");
  run_all();
  run_again();
  EXPECT_EQ(column(comment.id, "github_key is null"), "f");
  EXPECT_EQ(writes().size(), 1);
  EXPECT_TRUE(is_equal());
}

TEST_F(Answers, KnowsTheEchoOfAnIssueWhoseAnswerWasLost) {
  fault(R"("method": "POST", "path": "/issues$", "status": 502, "done": true)");
  const auto added = add_task("Echoed");
  run_all();
  deliver();
  run_all();
  EXPECT_EQ(number_of(added.id), 2);
  EXPECT_EQ(scalar("select count(*) from devy.task"), "2");
  run_again();
  EXPECT_EQ(column(added.id, "intent is null"), "t");
  EXPECT_EQ(writes().size(), 1);
  EXPECT_TRUE(is_equal());
}

TEST_F(Answers, KeepsTheOlderOfTwo) {
  fault(R"("method": "POST", "path": "/issues$", "status": 502, "done": true)");
  const auto added = add_task("Twice");
  run_all();
  const auto body = issue(2)["body"].get<std::string>();
  control(R"({"do": "create_issue", "repository": "alice/notes", "title": "Twice", "body": )" +
          nlohmann::json(body).dump() + "}");
  run_again();
  EXPECT_EQ(number_of(added.id), 2);
  EXPECT_EQ(issue(3)["state"], "closed");
  EXPECT_EQ(issue(3)["state_reason"], "duplicate");
}

TEST_F(Answers, LooksAgainWhenTheAnswerToAnEditWasLost) {
  const auto task = first_task();
  fault(R"("method": "PATCH", "path": "/issues/1$", "status": 502, "done": true)");
  TaskChange change;
  change.title = "Edited";
  edit(task, change);
  run_all();
  run_again();
  EXPECT_EQ(issue(1)["title"], "Edited");
  EXPECT_EQ(writes().size(), 1);
  EXPECT_EQ(column(task, "owed"), "0");
  EXPECT_TRUE(is_equal());
}

TEST_F(Answers, KeepsWhatGithubWouldNotTake) {
  const auto task = first_task();
  fault(R"("method": "PATCH", "path": "/issues/1$", "status": 422)");
  TaskChange change;
  change.title = "Refused";
  edit(task, change);
  run_all();
  EXPECT_EQ(outcome(task), "failed refused refused");
  EXPECT_EQ(column(task, "refused ? 'title'"), "t");
  EXPECT_EQ(scalar("select title from devy.task where id = '" + task + "'"), "Refused");
  // A person asks again.
  auto connection = open();
  static_cast<void>(ask_sync(connection, task, "alice"));
  run_all();
  EXPECT_EQ(issue(1)["title"], "Refused");
  EXPECT_EQ(column(task, "refused"), "{}");
}

TEST_F(Answers, KeepsWhatGithubPassesOverSilently) {
  config_.sync.labels_create = true;
  control(R"([{"do": "create_user", "login": "carol"},
              {"do": "revoke_token", "token": "ghp_mirror"},
              {"do": "collaborator", "repository": "alice/notes", "user": "carol", "role": "triage"},
              {"do": "token", "token": "ghp_mirror", "user": "carol", "scopes": ["repo"]}])");
  const auto task = first_task();
  TaskChange change;
  change.labels = Strings{"nobody makes it", "wanted"};
  edit(task, change);
  run_all();
  EXPECT_EQ(scalar("select labels from devy.task where id = '" + task + "'"),
            "{\"nobody makes it\",wanted}");
  EXPECT_EQ(issue(1)["labels"].size(), 1);
  EXPECT_EQ(column(task, "refused ? 'labels'"), "t");
  EXPECT_EQ(column(task, "owed"), "0");
  github_.forget_requests();
  deliver();
  run_all();
  EXPECT_EQ(writes(), Strings{});
}

TEST_F(Answers, RefusesWhatIsSaidInALockedConversation) {
  const auto task = first_task();
  fault(R"("method": "POST", "path": "/comments$", "status": 403,
           "message": "Unable to create comment because issue is locked.")");
  const auto comment = add_comment(task, "unheard");
  run_all();
  EXPECT_EQ(outcome(comment.id), "failed refused locked");
  // Those behind it are passed on.
  const auto next = add_comment(task, "heard");
  run_all();
  EXPECT_EQ(column(next.id, "github_key is null"), "f");
  control(R"({"do": "lock_issue", "repository": "alice/notes", "number": 1})");
  deliver();
  run_all();
  auto connection = open();
  try {
    sync::add_comment(connection, {task, alice_, "no", std::nullopt});
    FAIL() << "it was taken";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "locked");
  }
}

TEST_F(Answers, BlocksTheConnectionWithoutTheRight) {
  fault(R"("method": "PATCH", "path": "/issues/1$", "status": 403)");
  const auto task = first_task();
  TaskChange change;
  change.title = "Edited";
  edit(task, change);
  run_all();
  EXPECT_EQ(state_of_connection(), "blocked permission");
  EXPECT_EQ(outcome(task), "held permission");
  EXPECT_EQ(column(task, "owed"), "1");
}

TEST_F(Answers, ClosesTheGateAfterALimitAndUsesNoAttempt) {
  control(R"({"do": "secondary", "content_per_minute": 0, "retry_after": 30})");
  const auto added = add_task("Later");
  run_all();
  EXPECT_EQ(scalar("select state || ' ' || attempt from devy.operation where id = '" +
                   added.operation + "'"),
            "verified 0");
  EXPECT_EQ(scalar("select count(*) from devy.owner_gate where direction = 'outbound' and "
                   "not_before > now()"),
            "1");
  EXPECT_EQ(scalar("select factor from devy.api_budget where credential = 'token'"), "0.5");
  EXPECT_EQ(column(added.id, "intent is null"), "t");
  control(R"({"do": "secondary", "content_per_minute": null})");
  run_again();
  EXPECT_EQ(number_of(added.id), 2);
}

TEST_F(Answers, WritesNoMoreThanWeAllowOurselves) {
  config_.sync.writes_per_minute = 2;
  for (int task = 0; task < 4; ++task)
    static_cast<void>(add_task("Task " + std::to_string(task)));
  run_all();
  EXPECT_EQ(writes().size(), 2);
  EXPECT_EQ(
      scalar("select count(*) from devy.owner_gate where not_before > now() + interval '50 s'"),
      "1");
  database_.execute("update devy.api_write set at = at - interval '1 minute'");
  run_again();
  EXPECT_EQ(writes().size(), 4);
}

TEST_F(Answers, SendsAfterTheUnlockingWhatWasRefused) {
  const auto task = first_task();
  control(R"({"do": "lock_issue", "repository": "alice/notes", "number": 1})");
  fault(R"("method": "POST", "path": "/comments$", "status": 403,
           "message": "Unable to create comment because issue is locked.")");
  const auto comment = add_comment(task, "at last");
  run_all();
  deliver();
  run_all();
  EXPECT_EQ(outcome(comment.id), "failed refused locked");
  // In another second, so that the mirror need not ask which of two changes was the last.
  control(R"([{"do": "clock", "advance": 10},
              {"do": "unlock_issue", "repository": "alice/notes", "number": 1}])");
  deliver();
  run_all();
  EXPECT_EQ(outcome(comment.id), "completed created");
  EXPECT_TRUE(is_equal());
}

class SpeakingAs : public Answers {
 protected:
  SpeakingAs() {
    control(R"([{"do": "create_user", "login": "bob"},
                {"do": "collaborator", "repository": "alice/notes", "user": "bob", "role": "write"},
                {"do": "token", "token": "ghu_bob", "user": "bob", "scopes": ["repo"]}])");
    const auto state = nlohmann::json::parse(github_.state());
    for (const auto& user : state["users"])
      if (user["login"] == "bob")
        database_.execute("update devy.account set github_id = " +
                          std::to_string(user["id"].get<std::int64_t>()) +
                          " where username = 'bob'");
    auto connection = open();
    tokens::UserToken token;
    token.login = "bob";
    token.token = base::Secret("ghu_bob");
    tokens::keep_token(connection, config_, bob_, token);
  }
  Added add_by_bob() {
    auto connection = open();
    NewTask task;
    task.project_id = project_;
    task.author_id = bob_;
    task.title = "By bob";
    task.body = "his words";
    return sync::add_task(connection, task);
  }
};

TEST_F(SpeakingAs, MakesItAsTheAuthorWhereHisTokenIsKnown) {
  const auto added = add_by_bob();
  run_all();
  const auto made = issue(number_of(added.id));
  EXPECT_EQ(made["user"]["login"], "bob");
  const auto stripped = record::strip(made["body"].get<std::string>());
  EXPECT_FALSE(stripped.has_header);
  EXPECT_TRUE(stripped.marker);
  EXPECT_TRUE(is_equal());
}

TEST_F(SpeakingAs, LetsTheAppSpeakWhereTheTokenIsGoodNoMore) {
  control(R"({"do": "revoke_token", "token": "ghu_bob"})");
  const auto added = add_by_bob();
  run_all();
  const auto made = issue(number_of(added.id));
  EXPECT_EQ(made["user"]["login"], "alice");
  EXPECT_TRUE(record::strip(made["body"].get<std::string>()).has_header);
  EXPECT_EQ(scalar("select count(*) from devy.user_token"), "0");
  EXPECT_EQ(issues_there(), 2);
}

}  // namespace answers_test
}  // namespace devy::sync
