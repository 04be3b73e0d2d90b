// `mirror verify`: the tables are compared with the stand-in, and what differs is fetched.
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/mirror_fixture.hpp"

namespace devy::testing {
namespace mirror_test {

class MirrorVerify : public MirrorCommands {
 protected:
  MirrorVerify() { configure("enabled = true\nfiles = false\n"); }

  // The document of the one repository.
  [[nodiscard]] Document verify(int status, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"mirror", "verify", "alice/notes"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto document = json(std::move(arguments), status);
    EXPECT_EQ(document["repositories"].size(), 1U) << document.dump(2);
    return document["repositories"][0];
  }
  // "issue 7, label bug" of missing, extra or different; what differs with its fields.
  [[nodiscard]] static std::string listed(const Document& things) {
    std::string text;
    for (const auto& thing : things) {
      text += text.empty() ? "" : ", ";
      text += thing["target"].get<std::string>().substr(std::string("alice/notes/").size());
      for (const auto& field : thing.value("fields", Document::array()))
        text += " " + field.get<std::string>();
    }
    return text;
  }
  [[nodiscard]] std::string count_of(const std::string& kind) const {
    return database_.scalar("select count(*) from devy.operation where kind = '" + kind + "'");
  }
};

TEST_F(MirrorVerify, FindsThatTheRowsAreWhatGithubHas) {
  ASSERT_EQ(add(), "");
  github_.forget_requests();
  const auto found = verify(0);
  EXPECT_EQ(found["repository"], "alice/notes");
  EXPECT_EQ(found["ok"], true) << found.dump(2);
  EXPECT_EQ(found["unsettled"], 0);
  // 9 labels, 3 milestones, 255 issues, 25 pull requests and a hook.
  EXPECT_EQ(found["compared"], 293) << found.dump(2);
  // The repository, a page each of labels, milestones, pull requests and hooks, three of issues.
  EXPECT_EQ(found["requests"], 8) << github_.requests();
  EXPECT_EQ(requests(), 8);
  EXPECT_EQ(found["repairs"], nullptr);
  const auto text = run({"mirror", "verify", "alice/notes"});
  EXPECT_EQ(text.status, 0);
  EXPECT_NE(text.out.find("alice/notes ok 293 compared, 0 unsettled, 8 requests"),
            std::string::npos)
      << text.out;
}

TEST_F(MirrorVerify, FindsAndEndsTheRowsOfWhatIsGone) {
  github_.control(R"([{"do": "create_repository", "owner": "alice", "name": "attic"}])");
  ASSERT_EQ(add(), "");
  github_.control(R"([
    {"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "transfer_issue", "repository": "alice/notes", "number": 9, "to": "alice/attic"},
    {"do": "delete_label", "repository": "alice/notes", "name": "label-5"}])");
  const auto found = verify(10);
  EXPECT_EQ(found["ok"], false);
  EXPECT_EQ(listed(found["extra"]), "labels/label-5, issues/2, issues/9") << found.dump(2);
  EXPECT_EQ(listed(found["missing"]), "");
  EXPECT_EQ(found["extra"][1]["relation"], "issue");
  EXPECT_EQ(found["extra"][1]["number"], 2);
  EXPECT_EQ(found["extra"][1]["id"].dump(),
            database_.scalar("select id from github.issue where number = 2"));
  // It only looks.
  EXPECT_EQ(database_.scalar("select count(*) from github.issue where deleted_at is not null"),
            "0");
  EXPECT_EQ(count_of("mirror_fetch"), "1");

  const auto mended = verify(0, {"--repair", "--here"});
  EXPECT_EQ(mended["ok"], true) << mended.dump(2);
  for (const auto* target : {"alice/notes/issues/2", "alice/notes/labels/label-5"})
    EXPECT_NE(mended["repairs"].dump().find(target), std::string::npos) << mended.dump(2);
  EXPECT_EQ(verify(0)["ok"], true);
  EXPECT_EQ(differences(), "");
}

TEST_F(MirrorVerify, NamesTheFieldsThatDiffer) {
  ASSERT_EQ(add(), "");
  database_.execute(R"(
    update github.issue set title = 'by hand', locked = not locked where number = 5;
    update github.milestone set due_at = '2031-01-01' where number = 2;
    update github.label set color = '012345' where name = 'label-3';
    update github.repository_hook set active = not active;
    insert into github.assignee select repository_id, 6, 4711 from github.issue where number = 6)");
  const auto found = verify(10);
  EXPECT_EQ(listed(found["different"]),
            "labels/label-3 color, milestones/2 due_at, issues/5 locked title, issues/6 assignees, "
            "hooks/" +
                database_.scalar("select id from github.repository_hook") + " active")
      << found.dump(2);
  EXPECT_EQ(verify(0, {"--repair", "--here"})["ok"], true);
  EXPECT_EQ(differences(), "");
}

TEST_F(MirrorVerify, FindsWhatHasNoRow) {
  ASSERT_EQ(add(), "");
  database_.execute(R"(
    delete from github.issue where number = 7;
    delete from github.pull_request where number = (select min(number) from github.pull_request);
    update github.label set deleted_at = now() - interval '1 hour', deleted_reason = 'deleted'
    where name = 'label-6')");
  const auto found = verify(10);
  EXPECT_EQ(found["missing"].size(), 3U) << found.dump(2);
  EXPECT_NE(listed(found["missing"]).find("labels/label-6, issues/7, pulls/"), std::string::npos)
      << found.dump(2);
  EXPECT_EQ(listed(found["extra"]), "");
  EXPECT_EQ(verify(0, {"--repair", "--here"})["ok"], true);
  EXPECT_EQ(verify(0)["ok"], true);
}

// Lists do not have them, and the mirror says how old they are.
TEST_F(MirrorVerify, LeavesDetailsOfPullRequestsOut) {
  ASSERT_EQ(add(), "");
  EXPECT_EQ(verify(0)["ok"], true);
  database_.execute(
      "update github.pull_request set additions = 99999, merged = not merged, commits_count = 5,"
      " mergeable_state = 'odd'");
  EXPECT_EQ(verify(0)["ok"], true);
  // Neither when each is asked for by itself, which has them.
  database_.execute(
      "delete from github.issue; delete from github.label; delete from github.milestone");
  const auto sample = verify(0, {"--sample", "20"});
  EXPECT_EQ(sample["ok"], true) << sample.dump(2);
  EXPECT_EQ(sample["requests"], 20);
  database_.execute("update github.pull_request set title = 'x'");
  EXPECT_EQ(verify(10, {"--sample", "1"})["different"].size(), 1U);
}

TEST_F(MirrorVerify, CountsRowsThatAreNotCertain) {
  ASSERT_EQ(add(), "");
  database_.execute("update github.issue set is_settled = false where number < 4");
  const auto found = verify(0);
  EXPECT_EQ(found["ok"], true);
  EXPECT_EQ(found["unsettled"], 3);
}

// A delivery about it is here already: the row is late, and not wrong.
TEST_F(MirrorVerify, WaitsForWhatADeliveryIsGoingToChange) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "milestone_issue", "repository": "alice/notes", "number": 2, "milestone": null},
    {"do": "milestone_issue", "repository": "alice/notes", "number": 5, "milestone": null}])");
  EXPECT_EQ(run({"mirror", "load", "alice/notes", "--children", "--here"}).status, 0);
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed"},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2}])");
  const auto await = [&](const std::string& number) {
    database_.execute(R"(
      select devy.mirror_deliveries_record(array[gen_random_uuid()], array['mirror_document'],
               array['issue/' || id], array['mirror/alice'], array['alice/notes/issues/)" +
                      number + R"('],
               array[repository_id], array[gen_random_uuid()], array[now()])
        from github.issue where number = )" +
                      number);
  };
  const auto late = verify(10);
  EXPECT_NE(listed(late["different"]).find("issues/5 title updated_at"), std::string::npos)
      << late.dump(2);
  EXPECT_EQ(listed(late["extra"]), "issues/2");
  await("5");
  await("2");
  const auto found = verify(0);
  EXPECT_EQ(found["ok"], true) << found.dump(2);
}

// The list misses some, as one does whose items shift while it is read.
TEST_F(MirrorVerify, AsksOnceMoreForWhatAListHadNot) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "faults", "rules": [
    {"path": "^/repositories/[0-9]+/labels\\?", "status": 200, "body": "[]", "times": 1},
    {"path": "^/repositories/[0-9]+/milestones\\?", "status": 200, "body": "[{\"id\": 1, \"number\": 77}]",
     "times": 1}]}])");
  github_.forget_requests();
  const auto found = verify(0);
  EXPECT_EQ(found["ok"], true) << found.dump(2);
  // Nine labels, three milestones and one that nobody knows; with a 404 goes another request.
  EXPECT_EQ(requests(), 8 + 9 + 3 + 2) << github_.requests();
}

TEST_F(MirrorVerify, ComparesEveryRepositoryAndNamesThoseThatItCannot) {
  github_.control(
      R"([{"do": "fill", "repository": "alice/other", "issues": 3, "pulls": 0, "labels": 1,
                       "users": 2, "seed": 3}])");
  ASSERT_EQ(add(), "");
  ASSERT_EQ(run({"mirror", "add", "alice/other", "--here"}).status, 0);
  EXPECT_EQ(json({"mirror", "verify", "--all"})["repositories"].size(), 2U);
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "delete_repository", "repository": "alice/other"}])");
  const auto all = run({"mirror", "verify", "--all"});
  EXPECT_EQ(all.status, 10);
  EXPECT_NE(all.out.find("alice/notes drifted"), std::string::npos) << all.out;
  EXPECT_NE(all.out.find("  extra     alice/notes/issues/2\n"), std::string::npos) << all.out;
  EXPECT_NE(all.err.find("status 404"), std::string::npos) << all.err;
  // It would change rows of many: it asks first.
  EXPECT_EQ(run({"mirror", "verify", "--all", "--repair", "--here"}).status, 9);
  EXPECT_EQ(run({"mirror", "verify", "--all", "--repair", "--here", "--yes"}).status, 11);
  EXPECT_EQ(database_.scalar("select deleted_reason from github.issue where number = 2 and"
                             " repository_id = (select id from github.repository where name = "
                             "'notes')"),
            "deleted");
}

TEST_F(MirrorVerify, RecordsRepairsAndSaysWhatItWouldDo) {
  ASSERT_EQ(add(), "");
  // Of one with a milestone the milestone's counts would differ, too.
  const auto number = database_.scalar(
      "select min(number) from github.issue where not is_pull_request and milestone_id is null");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": )" +
                  number + "}]");
  const auto dry = run({"mirror", "verify", "alice/notes", "--repair", "--dry-run"});
  EXPECT_EQ(dry.status, 10);
  EXPECT_NE(dry.out.find("would fetch 1 thing of alice/notes"), std::string::npos) << dry.out;
  EXPECT_EQ(count_of("mirror_fetch"), "1");
  // Nobody runs it: it is still drift.
  const auto recorded = verify(10, {"--repair"});
  EXPECT_EQ(recorded["repairs"], Document::array({"alice/notes/issues/" + number}));
  EXPECT_EQ(count_of("mirror_fetch"), "2");
  EXPECT_EQ(verify(8, {"--repair", "--wait=1s"})["ok"], false);
  // It joined the one that waits.
  EXPECT_EQ(count_of("mirror_fetch"), "2");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(verify(0)["ok"], true);
}

TEST_F(MirrorVerify, LeavesOutListsThatGithubDoesNotShow) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "faults", "rules": [
    {"path": "^/repositories/[0-9]+/hooks", "status": 404, "times": 1}]}])");
  EXPECT_EQ(verify(0)["left_out"], Document::array({"hooks"}));
  github_.control(R"([{"do": "create_user", "login": "stranger"},
    {"do": "token", "token": "ghp_mirror", "user": "stranger", "scopes": ["repo"]}])");
  github_.forget_requests();
  EXPECT_EQ(verify(0)["left_out"], Document::array({"hooks"}));
  EXPECT_EQ(github_.requests().find("/hooks"), std::string::npos);
  // What is switched off is there again when it is switched on.
  github_.control(R"([{"do": "switch_issues", "repository": "alice/notes", "on": false}])");
  EXPECT_NE(verify(0)["left_out"].dump().find("issues"), std::string::npos);
}

// A 404 of a thing proves nothing while the repository itself is not shown.
TEST_F(MirrorVerify, CallsNothingExtraWhileTheRepositoryIsHidden) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "faults", "rules": [
      {"path": "^/repositories/[0-9]+/issues/[0-9]+$", "status": 404, "times": 9},
      {"path": "^/repositories/[0-9]+$", "skip": 1, "status": 404, "times": 9}]}])");
  EXPECT_EQ(run({"mirror", "verify", "alice/notes"}).status, 4);
}

TEST_F(MirrorVerify, SaysThatGithubMustBeLeftAlone) {
  ASSERT_EQ(add(), "");
  database_.execute(
      "update devy.api_budget set remaining = 0, reset_at = now() + interval '9 minutes'");
  github_.forget_requests();
  const auto refused = run({"mirror", "verify", "alice/notes"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("unable to verify 'alice/notes'"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("Try again in"), std::string::npos) << refused.err;
  EXPECT_EQ(requests(), 0);
}

TEST_F(MirrorVerify, LeavesMoreOfTheHourToOthersWhenNobodyWaitsForIt) {
  ASSERT_EQ(add(), "");
  // Less than a tenth is left, and more than a fifth of that.
  database_.execute(
      "update devy.api_budget set quota = 5000, remaining = 300, reset_at = now() + interval '2 "
      "hours'");
  database_.execute(R"(
    select devy.mirror_record(gen_random_uuid(), 'mirror_audit', id::text, 'mirror/alice', 'alice/notes', id,
             'reconcile', 250::smallint)
      from github.repository where name = 'notes')");
  github_.forget_requests();
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(requests(), 0);
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where kind = 'mirror_audit' and "
                             "finished_at is null"),
            "1");
  EXPECT_EQ(verify(0, {"--sample", "3"})["requests"], 3);
}

TEST_F(MirrorVerify, WantsToKnowWhatToCompare) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"mirror", "verify"},
                                             {"mirror", "verify", "alice/notes", "--all"},
                                             {"mirror", "verify", "alice/notes", "--here"},
                                             {"mirror", "verify", "alice/notes", "--sample", "0"}})
    EXPECT_EQ(run(arguments).status, 2) << arguments.back();
  EXPECT_EQ(run({"mirror", "verify", "alice/notes"}).status, 4);
}

}  // namespace mirror_test
}  // namespace devy::testing
