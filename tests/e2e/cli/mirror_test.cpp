// The mirror from the command line: a repository of the stand-in becomes tables. The oracle, in
// Python, compares all rows with the stand-in's facts.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/e2e/cli/mirror_fixture.hpp"

namespace devy::testing {
namespace mirror_test {

TEST_F(MirrorCommands, TurnsARepositoryIntoTables) {
  github_.forget_requests();
  const auto added = run({"mirror", "add", "alice/notes", "--here"});
  EXPECT_EQ(added.status, 0) << added.err;
  EXPECT_EQ(differences(), "");
  // The repository, a page each of labels, milestones and hooks, three of issues, one of pulls, and
  // two for each pull request.
  EXPECT_LE(requests(), 1 + 3 + 3 + 1 + 2 * 25) << github_.requests();
  EXPECT_EQ(database_.scalar("select count(*) from github.current_issue"), "230");
  EXPECT_EQ(database_.scalar("select count(*) from github.current_pull_request"), "25");
  EXPECT_EQ(database_.scalar("select count(*) from devy.mirror_scan where phase <> 'completed'"),
            "0");
  // Nothing of a secret.
  EXPECT_EQ(database_.scalar("select count(*) from github.repository_hook where config ? 'secret'"),
            "0");
}

TEST_F(MirrorCommands, ReadsWhatHasChangedSince) {
  ASSERT_EQ(add(), "");
  github_.control(R"([
    {"do": "clock", "advance": 90},
    {"do": "close_issue", "repository": "alice/notes", "number": 3},
    {"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed"},
    {"do": "create_label", "repository": "alice/notes", "name": "new one", "color": "00ff00"},
    {"do": "label_issue", "repository": "alice/notes", "number": 5, "name": "new one"}])");
  EXPECT_NE(differences(), "");
  const auto load = json({"mirror", "load", "alice/notes", "--children", "--here"});
  EXPECT_EQ(load["status"], "SUCCESS");
  EXPECT_EQ(load["target"], "alice/notes");
  EXPECT_EQ(load["error"], nullptr);
  EXPECT_EQ(differences(), "");
  EXPECT_EQ(json({"mirror", "show", "alice/notes", "issue", "5"})[0]["title"], "Renamed");
}

// What did not change is answered for nothing, and the rows are stamped all the same.
TEST_F(MirrorCommands, PaysForNoPageThatIsUnchanged) {
  ASSERT_EQ(add(), "");
  github_.control(R"({"do": "clock", "advance": 90})");
  // Rows that changed within the last seconds are certain after this.
  static_cast<void>(json({"mirror", "load", "alice/notes", "--children", "--here"}));
  github_.forget_requests();
  const auto before = database_.scalar("select clock_timestamp()");
  static_cast<void>(json({"mirror", "load", "alice/notes", "--children", "--here"}));
  EXPECT_EQ(charged_requests().size(), 1U);  // who the repository is
  EXPECT_EQ(database_.scalar("select count(*) from github.issue where last_replicated_at < '" +
                             before + "'"),
            "0");
  EXPECT_EQ(database_.scalar("select count(*) from devy.mirror_scan where requests > free_requests "
                             "and started_at > '" +
                             before + "'"),
            "0");
  EXPECT_EQ(differences(), "");
  // A row that ended meanwhile is no item of an unchanged page.
  database_.execute(
      "update github.label set deleted_at = now(), deleted_reason = 'gone' "
      "where id = (select min(id) from github.label)");
  github_.forget_requests();
  static_cast<void>(json({"mirror", "load", "alice/notes/labels", "--here"}));
  EXPECT_EQ(charged_requests().size(), 1U);
  EXPECT_EQ(differences(), "");
}

TEST_F(MirrorCommands, InstallsAWebhookOnceAndRemovesIt) {
  EXPECT_EQ(run({"mirror", "hook", "install", "alice/notes"}).status, 2);  // where to?
  configure("enabled = true\nhook_url = \"https://devy.example/v1/hooks\"\n");
  EXPECT_NE(run({"mirror", "hook", "install", "alice/notes"}).err.find("webhook.secrets"),
            std::string::npos);
  write_text(folder_ / "secret", "a secret that is long enough to sign with\n");
  ::chmod((folder_ / "secret").c_str(), 0600);
  configure(
      "enabled = true\nhook_url = \"https://devy.example/v1/hooks\"\n[webhook]\nsecrets = "
      "[\"one " +
      (folder_ / "secret") + "\"]\n");
  ASSERT_EQ(add(), "");
  const auto hooks = [&] {
    return database_.scalar(
        "select coalesce(string_agg(concat_ws(' ', url, is_ours, active, cardinality(events)), ', "
        "' "
        "order by id), 'none') from github.repository_hook where deleted_at is null");
  };
  const auto first = json({"mirror", "hook", "install", "alice/notes"});
  EXPECT_EQ(first["is_new"], true);
  EXPECT_EQ(hooks(),
            "https://devy.example/v1/webhooks f t 2, https://devy.example/v1/hooks t t 12");
  // Somebody has changed it.
  github_.control(
      R"({"do": "edit_hook", "repository": "alice/notes", "active": false, "events": ["push"], "id": )" +
      first["id"].dump() + "}");
  const auto second = json({"mirror", "hook", "install", "alice/notes"});
  EXPECT_EQ(second["is_new"], false);
  const auto listed = json({"mirror", "hook", "list"});
  EXPECT_EQ(listed[0]["full_name"], "alice/notes");
  EXPECT_EQ(listed[0]["hook"]["id"], first["id"]);
  EXPECT_EQ(json({"mirror", "list"})[0]["hook"], listed[0]["hook"]);
  EXPECT_NE(run({"mirror", "hook", "list"}).out.find("alice/notes"), std::string::npos);
  EXPECT_EQ(run({"mirror", "hook", "list", "alice/notes"}).status, 2);
  EXPECT_EQ(second["id"], first["id"]);
  EXPECT_EQ(hooks(),
            "https://devy.example/v1/webhooks f t 2, https://devy.example/v1/hooks t t 13");
  // A blog has use for pushes, so the hook stays with them; without them it is the mirror's alone.
  const auto kept = json({"mirror", "hook", "uninstall", "alice/notes"});
  EXPECT_EQ(kept["message"], "no hooks deleted");
  EXPECT_EQ(kept["kept"], Document::array({first["id"]}));
  EXPECT_EQ(hooks(), "https://devy.example/v1/webhooks f t 2, https://devy.example/v1/hooks f t 4");
  github_.control(R"({"do": "edit_hook", "repository": "alice/notes", "events": ["meta"], "id": )" +
                  first["id"].dump() + "}");
  EXPECT_EQ(json({"mirror", "hook", "uninstall", "alice/notes"})["ids"],
            Document::array({first["id"]}));
  EXPECT_EQ(hooks(), "https://devy.example/v1/webhooks f t 2");
  EXPECT_EQ(json({"mirror", "hook", "uninstall", "alice/notes"})["message"], "no hooks deleted");
  EXPECT_EQ(differences(), "");
}

TEST_F(MirrorCommands, AddsTheRepositoriesOfAUser) {
  github_.control(R"([
    {"do": "fill", "repository": "alice/other", "issues": 5, "pulls": 2, "labels": 2},
    {"do": "fill", "repository": "bob/elsewhere", "issues": 3},
    {"do": "create_repository", "owner": "alice", "name": "empty"}])");
  const auto load = json({"mirror", "add", "alice", "--here"});
  EXPECT_EQ(load["status"], "SUCCESS");
  EXPECT_EQ(load["target"], "alice");
  EXPECT_EQ(database_.scalar("select string_agg(full_name, ' ' order by full_name) from "
                             "github.repository where is_mirrored"),
            "alice/empty alice/notes alice/other");
  for (const auto* repository : {"alice/empty", "alice/notes", "alice/other"})
    EXPECT_EQ(differences(repository), "");
  const auto unknown = run({"mirror", "add", "nobody-of-that-name", "--here"});
  EXPECT_EQ(unknown.status, 3) << unknown.err;
  EXPECT_NE(unknown.err.find("no such user"), std::string::npos) << unknown.err;
}

// SIGKILL at any moment costs a page: what was written stays, and the next process goes on.
TEST_F(MirrorCommands, GoesOnWhereItWasKilled) {
  configure("enabled = true\nfiles = false\n");
  github_.control(R"([
    {"do": "fill", "repository": "alice/long", "issues": 2400, "pulls": 300, "labels": 30, "users": 9,
     "seed": 8}, {"do": "faults", "latency_ms": 20}])");
  github_.forget_requests();
  ASSERT_EQ(run({"mirror", "add", "alice/long"}).status, 0);
  constexpr int kills = 12;
  std::minstd_rand random(17);
  for (int n = 0; n < kills; ++n) {
    auto killed = call({"poll", "--once"});
    Program program(killed);
    ::usleep(static_cast<useconds_t>(30'000 + random() % 250'000));
    program.send_signal(SIGKILL);
    static_cast<void>(program.wait());
  }
  // A part whose worker died three times under it has failed by then: a replay goes on with it.
  for (int round = 0; round < 5; ++round) {
    static_cast<void>(run({"poll", "--once"}));
    for (const auto& id : Document::parse(database_.scalar(
             "select coalesce(json_agg(id), '[]') from devy.operation where state = 'failed'")))
      EXPECT_EQ(run({"replay", id.get<std::string>()}).status, 0);
  }
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where finished_at is null"), "0");
  EXPECT_EQ(database_.scalar("select string_agg(distinct phase, ' ') from devy.mirror_scan"),
            "completed");
  EXPECT_EQ(differences("alice/long"), "");
  // The repository, labels, milestones, hooks, 27 pages of issues and their parts' first ones,
  // three of pull requests; and a page a kill.
  EXPECT_LE(requests(), 1 + 3 + 27 + 4 + 3 + kills + 2) << github_.requests();
}

TEST_F(MirrorCommands, EndsTheRowsOfWhatIsGone) {
  github_.control(R"([{"do": "create_repository", "owner": "alice", "name": "attic"}])");
  ASSERT_EQ(add(), "");
  github_.control(R"([
    {"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "transfer_issue", "repository": "alice/notes", "number": 9, "to": "alice/attic"},
    {"do": "delete_label", "repository": "alice/notes", "name": "label-5"},
    {"do": "delete_milestone", "repository": "alice/notes", "number": 1}])");
  const auto load = json({"mirror", "load", "alice/notes", "--children", "--here"});
  EXPECT_EQ(load["status"], "SUCCESS") << load.dump(2);
  EXPECT_EQ(load["progress"]["gone"], 4) << load.dump(2);
  EXPECT_EQ(differences(), "");
  EXPECT_EQ(
      database_.scalar("select string_agg(number || ' ' || deleted_reason, ', ' order by number)"
                       " from github.issue where deleted_at is not null"),
      "2 deleted, 9 transferred");
  // A row that is gone is not asked about again.
  github_.forget_requests();
  EXPECT_EQ(run({"mirror", "load", "alice/notes/labels", "--here"}).status, 0);
  EXPECT_EQ(requests(), 1);
}

TEST_F(MirrorCommands, AsksAPersonBeforeManyRowsEnd) {
  ASSERT_EQ(add(), "");
  std::string acts = R"([{"do": "clock", "advance": 90})";
  int deleted = 0;
  for (const auto& number : Document::parse(database_.scalar(
           "select json_agg(number order by number) from github.issue where not is_pull_request")))
    if (++deleted <= 110)
      acts += R"(, {"do": "delete_issue", "repository": "alice/notes", "number": )" +
              number.dump() + "}";
  github_.control(acts + "]");
  const auto held = run({"mirror", "load", "alice/notes/issues", "--here"});
  EXPECT_EQ(held.status, 3);
  EXPECT_NE(held.err.find("110 of 255 rows"), std::string::npos) << held.err;
  EXPECT_EQ(database_.scalar("select count(*) from github.current_issue"), "230");
  EXPECT_EQ(database_.scalar("select phase from devy.mirror_scan where finished_at is null"),
            "held");
  const auto sweep = database_.scalar("select id from devy.operation where state = 'held'");
  EXPECT_EQ(json({"inspect", sweep})["kind"], "mirror_sweep");
  EXPECT_EQ(run({"approve", sweep}).status, 0);
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  EXPECT_EQ(database_.scalar("select count(*) from github.current_issue"), "120");
  EXPECT_EQ(database_.scalar("select count(*) from devy.mirror_scan where finished_at is null"),
            "0");
  EXPECT_EQ(run({"mirror", "load", "alice/notes", "--here"}).status, 0);
  EXPECT_EQ(differences(), "");
}

// A list of open issues proves nothing about closed ones.
TEST_F(MirrorCommands, EndsNoRowForAListOfOpenIssues) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2}])");
  EXPECT_EQ(run({"mirror", "load", "alice/notes/issues", "--state", "open", "--here"}).status, 0);
  EXPECT_EQ(database_.scalar("select count(*) from github.issue where deleted_at is not null"),
            "0");
}

// The repository itself can be seen no more: that is no proof that its issues are gone.
TEST_F(MirrorCommands, EndsNoRowOfARepositoryThatIsHidden) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "faults", "rules": [
      {"path": "^/repositories/[0-9]+/issues/[0-9]+$", "status": 404, "times": 9},
      {"path": "^/repositories/[0-9]+$", "status": 404, "times": 9}]}])");
  EXPECT_EQ(run({"mirror", "load", "alice/notes/issues", "--here"}).status, 3);
  EXPECT_EQ(database_.scalar("select count(*) from github.issue where deleted_at is not null"),
            "0");
}

TEST_F(MirrorCommands, LoadsOneThing) {
  ASSERT_EQ(add(), "");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "edit_issue", "repository": "alice/notes", "number": 8, "title": "Once more"}])");
  github_.forget_requests();
  EXPECT_EQ(run({"mirror", "load", "alice/notes/issues/8", "--here"}).status, 0);
  EXPECT_EQ(requests(), 1);
  EXPECT_EQ(json({"mirror", "show", "alice/notes", "issue", "8"})[0]["title"], "Once more");
  const auto unknown = run({"mirror", "load", "alice/notes/issues/99999", "--here"});
  EXPECT_EQ(unknown.status, 3);
  EXPECT_NE(unknown.err.find("error: unable to ask GitHub for GET /repositories/"),
            std::string::npos)
      << unknown.err;
}

TEST_F(MirrorCommands, ShowsHowFreshTheRowsAre) {
  EXPECT_NE(run({"mirror", "list"}).err.find("nothing is mirrored"), std::string::npos);
  ASSERT_EQ(add(), "");
  const auto status = json({"mirror", "status", "alice/notes"});
  EXPECT_EQ(status["full_name"], "alice/notes");
  EXPECT_EQ(status["is_mirrored"], true);
  EXPECT_EQ(status["rows"]["issues"], 230);
  EXPECT_EQ(status["rows"]["pulls"], 25);
  EXPECT_EQ(status["rows"]["files"].dump(),
            database_.scalar("select count(*) from github.pull_request_file"));
  EXPECT_EQ(status["rows"]["hooks"], 1);
  EXPECT_EQ(status["open_scans"], Document::array());
  EXPECT_FALSE(status["last_scanned"]["issues"].is_null());
  EXPECT_EQ(json({"mirror", "list"})[0]["id"], status["id"]);
  EXPECT_NE(run({"mirror", "list"}).out.find("alice/notes"), std::string::npos);
  const auto scans = json({"mirror", "scan", "list", "--repository", "alice/notes"});
  EXPECT_EQ(scans.size(), 6U);
  const auto scan =
      json({"mirror", "scan", "show", scans[0]["id"].get<std::string>().substr(0, 13)});
  EXPECT_EQ(scan["phase"], "completed");
  EXPECT_EQ(run({"mirror", "scan", "show"}).status, 2);
  EXPECT_EQ(run({"mirror", "scan", "list", "1a2b"}).status, 2);
}

TEST_F(MirrorCommands, ShowsWhatChanged) {
  EXPECT_NE(run({"mirror", "changes"}).err.find("nothing has changed"), std::string::npos);
  ASSERT_EQ(add(), "");
  const auto filled = changes({"-n", "100000"});
  int issues = 0;
  for (const auto& change : filled) {
    if (change["relation"] == "issue" && change["action"] == "insert") ++issues;
    EXPECT_FALSE(change["operation_id"].is_null()) << change;
  }
  EXPECT_EQ(issues, 255);
  EXPECT_EQ(std::to_string(filled.size()), database_.scalar("select count(*) from github.change"));
  const auto cursor = filled.back()["cursor"].get<std::string>();
  EXPECT_EQ(changes({"--cursor", cursor}), Document::array());
  const auto number = database_.scalar(
      "select min(number) from github.issue where state = 'open' and not is_pull_request");
  github_.control(R"([{"do": "clock", "advance": 90},
    {"do": "edit_issue", "repository": "alice/notes", "title": "Once more", "number": )" +
                  number + "}]");
  EXPECT_EQ(run({"mirror", "load", "alice/notes/issues/" + number, "--here"}).status, 0);
  const auto changed = changes({"--cursor", cursor});
  ASSERT_EQ(changed.size(), 1U) << changed;
  EXPECT_EQ(changed[0]["repository"], "alice/notes");
  EXPECT_EQ(changed[0]["relation"], "issue");
  EXPECT_EQ(changed[0]["action"], "update");
  EXPECT_EQ(changed[0]["columns"], Document::array({"title", "updated_at"}));
  EXPECT_EQ(changed[0]["via"], "api");
  EXPECT_NE(run({"mirror", "changes", "--cursor", cursor}).out.find("title, updated_at"),
            std::string::npos);
  // The same page by page.
  EXPECT_EQ(changes({"-n", "1"}), Document::array({filled[0]}));
}

TEST_F(MirrorCommands, RefusesCursorsThatAreNotOfThisFeed) {
  const auto foreign = run({"mirror", "changes", "--cursor", "0123456789ab:5:1"});
  EXPECT_EQ(foreign.status, 5);
  EXPECT_NE(foreign.err.find("hint: "), std::string::npos) << foreign.err;
  EXPECT_EQ(run({"mirror", "changes", "--cursor", "yesterday"}).status, 2);
}

TEST_F(MirrorCommands, FollowsWhatChanges) {
  ASSERT_EQ(run({"mirror", "changes"}).status, 0);
  database_.execute("insert into github.label (id, repository_id, name) values (1, 7, 'first')");
  Program following(call({"mirror", "changes", "-f", "--json"}));
  following.wait_for("\"insert\"");
  database_.execute("update github.label set name = 'second'");
  following.wait_for("[\"name\"]");
  database_.execute("update github.label set color = 'red'");
  following.wait_for("[\"color\"]");
  following.send_signal(SIGTERM);
  const auto ended = following.wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_EQ(std::ranges::count(ended.out, '\n'), 3) << ended.out;
  EXPECT_TRUE(ended.out.ends_with("}\n"));
}

TEST_F(MirrorCommands, RefusesWhileTheMirrorIsOff) {
  configure("enabled = false\n");
  const auto refused = run({"mirror", "add", "alice/notes", "--here"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("mirror.enabled"), std::string::npos) << refused.err;
}

TEST_F(MirrorCommands, SaysWhichTargetsThereAre) {
  for (const auto* target :
       {"alice/", "/notes", "alice/notes/wiki", "alice/notes/collaborators", "alice/notes/issues/x",
        "alice/notes/files/1", "a b/notes", "alice/notes/labels/"}) {
    const auto refused = run({"mirror", "load", target});
    EXPECT_EQ(refused.status, 2) << target;
    EXPECT_NE(refused.err.find("owner/name"), std::string::npos) << refused.err;
  }
  const auto unknown = run({"mirror", "load", "alice/other/issues"});
  EXPECT_EQ(unknown.status, 4);
  EXPECT_NE(unknown.err.find("mirror add alice/other"), std::string::npos) << unknown.err;
}

TEST_F(MirrorCommands, FailsForARepositoryThatIsNotThere) {
  const auto failed = run({"mirror", "add", "alice/nothing", "--here"});
  EXPECT_EQ(failed.status, 3);
  EXPECT_NE(failed.err.find("status 404"), std::string::npos) << failed.err;
  EXPECT_NE(failed.err.find("hint: "), std::string::npos) << failed.err;
}

TEST_F(MirrorCommands, RemovesARepositoryWithItsRows) {
  ASSERT_EQ(add(), "");
  EXPECT_EQ(run({"mirror", "remove", "alice/notes", "--purge"}).status, 9);
  EXPECT_EQ(database_.scalar("select count(*) from github.issue"), "255");
  EXPECT_EQ(run({"mirror", "remove", "alice/notes", "--purge", "--yes"}).status, 0);
  for (const auto* table : {"issue", "pull_request", "pull_request_file", "label", "milestone",
                            "issue_label", "assignee", "requested_reviewer", "repository_hook"})
    EXPECT_EQ(database_.scalar(std::string("select count(*) from github.") + table), "0") << table;
  EXPECT_EQ(run({"mirror", "remove", "alice/notes"}).status, 4);
}

}  // namespace mirror_test
}  // namespace devy::testing
