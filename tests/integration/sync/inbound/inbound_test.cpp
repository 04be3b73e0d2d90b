// What GitHub tells becomes records, by the tables of sync.md, sections 3 and 4.
#include "core/sync/inbound/comment_gaps.hpp"
#include "tests/integration/sync/inbound/inbound_fixture.hpp"

namespace devy::testing {
namespace inbound_test {

using Inbound = InboundTest;

TEST_F(Inbound, MakesATaskOfAnIssue) {
  auto one = issue(1, "Broken", 10);
  one["labels"] = {{{"id", 3}, {"name", "bug"}}};
  one["assignees"] = {{{"id", 42}, {"login", "bob"}}};
  EXPECT_EQ(tell_issue("opened", one), "verified");
  run();
  EXPECT_EQ(task("number, title, body, state, labels, list, github_author_id, version"),
            "1|Broken|as it was|open|{bug}|inbox|42|1");
  EXPECT_EQ(task("(select github_user_id from devy.task_assignee where task_id = task.id)"), "42");
  EXPECT_EQ(link("github_id, owed, base ->> 'title'"), "1001|0|Broken");
  EXPECT_EQ(versions(), "1 github");
  EXPECT_EQ(outcomes(), "created");
  EXPECT_EQ(database_.scalar("select count(*) from devy.resource where kind = 'task'"), "1");
}

TEST_F(Inbound, TakesWhatGitHubChanges) {
  make_task(issue(1, "Broken", 10));
  auto closed = issue(1, "Fixed", 20);
  closed["state"] = "closed";
  closed["state_reason"] = "not_planned";
  closed["body"] = "now\r\nlonger\r\n";
  EXPECT_EQ(tell_issue("closed", closed), "verified");
  run();
  EXPECT_EQ(task("title, state, state_reason, list, version"), "Fixed|closed|not_planned|done|2");
  EXPECT_EQ(task("replace(body, E'\\n', ' ')"), "now longer");
  EXPECT_EQ(tell_issue("reopened", issue(1, "Fixed", 30)), "verified");
  run();
  EXPECT_EQ(task("state, list, closed_at is null"), "open|inbox|t");
  EXPECT_EQ(versions(), "1 github, 2 github, 3 github");
  EXPECT_EQ(outcomes(), "created applied applied");
}

TEST_F(Inbound, HearsThatThereIsNoNewsInAnEcho) {
  make_task(issue(1, "Broken", 10));
  auto bumped = issue(1, "Broken", 20);
  bumped["comments"] = 4;
  EXPECT_EQ(tell_issue("edited", bumped), "verified");
  run();
  EXPECT_EQ(outcomes(), "created unchanged");
  EXPECT_EQ(task("version"), "1");
  EXPECT_EQ(link("github_updated_at = '2026-05-01T00:00:20Z'"), "t");
}

// The table of what is decided when a delivery comes in.
TEST_F(Inbound, DecidesAtIngestByTimeAndDigest) {
  const auto first = issue(1, "Broken", 10);
  EXPECT_EQ(tell_issue("opened", first), "verified");
  EXPECT_EQ(tell_issue("labeled", first), "duplicate") << "the same time and digest waits";
  auto labelled = first;
  labelled["labels"] = {{{"id", 3}, {"name", "bug"}}};
  EXPECT_EQ(tell_issue("labeled", labelled), "verified") << "several events a second";
  EXPECT_EQ(database_.scalar("select string_agg(state, ' ' order by arrival) from devy.operation "
                             "where kind = 'task_sync'"),
            "cancelled duplicate verified");
  run();
  EXPECT_EQ(task("labels"), "{bug}");
  EXPECT_EQ(tell_issue("labeled", labelled), "duplicate") << "the same is done";
  EXPECT_EQ(tell_issue("edited", issue(1, "Old", 5)), "dropped") << "older";
  EXPECT_EQ(database_.scalar("select dropped_for is not null from devy.operation where state = "
                             "'dropped' and kind = 'task_sync'"),
            "t");
  run();
  EXPECT_EQ(task("title"), "Broken");
}

TEST_F(Inbound, KnowsADeliveryThatComesTwice) {
  const auto first = issue(1, "Broken", 10);
  const auto states = tell_issue("opened", first);
  EXPECT_EQ(tell_again("issues", "opened", {{"issue", first}}), states);
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where kind = 'task_sync'"), "1");
}

TEST_F(Inbound, IgnoresWhatIsNoProjects) {
  database_.execute("delete from devy.project_repository");
  EXPECT_EQ(tell_issue("opened", issue(1, "Broken", 10)), "");
  EXPECT_EQ(database_.scalar("select count(*) from devy.sync_link"), "0");
}

TEST_F(Inbound, EndsAsDisabledWhereTheConnectionIsOff) {
  make_task(issue(1, "Broken", 10));
  database_.execute(
      "update devy.project_repository set state = 'disconnected', reason = 'asked'; "
      "update devy.resource set is_enabled = false where kind = 'task'");
  EXPECT_EQ(tell_issue("edited", issue(1, "Fixed", 20)), "disabled");
  EXPECT_EQ(tell_issue("opened", issue(2, "Other", 20)), "") << "it never had a pair";
  EXPECT_EQ(database_.scalar("select count(*) from devy.sync_link"), "1");
}

TEST_F(Inbound, MakesATaskOfAPullRequest) {
  auto pull = issue(1, "Add it", 10);
  pull["draft"] = true;
  pull["merged"] = false;
  EXPECT_EQ(tell("pull_request", "opened", {{"pull_request", pull}}), "verified");
  run();
  EXPECT_EQ(task("is_pull_request, is_draft, is_merged, list"), "t|t|f|pull_requests");
  pull["updated_at"] = "2026-05-01T00:00:20Z";
  pull["draft"] = false;
  EXPECT_EQ(tell("pull_request", "ready_for_review", {{"pull_request", pull}}), "verified");
  run();
  EXPECT_EQ(task("is_draft, version"), "f|1") << "what comes from GitHub alone is no version";
  pull["updated_at"] = "2026-05-01T00:00:30Z";
  pull["state"] = "closed";
  pull["merged"] = true;
  pull["merged_at"] = "2026-05-01T00:00:30Z";
  EXPECT_EQ(tell("pull_request", "closed", {{"pull_request", pull}}), "verified");
  run();
  EXPECT_EQ(task("is_merged, state, state_reason, list"), "t|closed|completed|done");
}

// ---- comments

TEST_F(Inbound, MakesACommentAndItsTask) {
  const auto one = issue(1, "Broken", 10);
  EXPECT_EQ(tell_comment("created", comment(500, "Me too", 12), one), "verified verified");
  run();
  EXPECT_EQ(database_.scalar("select c.body || ' ' || c.github_author_id || ' ' || t.title from "
                             "devy.comment c join devy.task t on t.id = c.task_id"),
            "Me too 42 Broken");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where source = 'reconcile'"), "0")
      << "what it has heard itself brings nothing";
  EXPECT_EQ(tell_comment("edited", comment(500, "Me, too", 22), one), "verified")
      << "its task is there";
  run();
  EXPECT_EQ(database_.scalar("select body || ' ' || version from devy.comment"), "Me, too 2");
}

TEST_F(Inbound, KeepsTheTextOfADeletedComment) {
  const auto one = issue(1, "Broken", 10);
  tell_comment("created", comment(500, "Me too", 12), one);
  run();
  database_.execute("update devy.comment set body = 'Me too!', version = 2");
  EXPECT_EQ(tell_comment("deleted", comment(500, "Me too", 12), one), "verified");
  run();
  EXPECT_EQ(database_.scalar("select body || ' ' || (deleted_at is not null) from devy.comment"),
            "Me too! true");
  EXPECT_EQ(database_.scalar("select fields ->> 'body' from devy.record_version where is_lost"),
            "Me too!")
      << "GitHub never heard of it";
  EXPECT_EQ(tell_comment("edited", comment(500, "late", 14), one), "dropped");
}

// ---- merges

TEST_F(Inbound, BringsBothSidesChangesTogether) {
  auto one = issue(1, "Broken", 10);
  one["body"] = "one\ntwo\nthree\nfour";
  make_task(one);
  edit_here(1, R"(body = E'ONE\ntwo\nthree\nfour', milestone = '1.0')");
  one["updated_at"] = "2026-05-01T00:00:20Z";
  one["body"] = "one\ntwo\nthree\nFOUR";
  one["labels"] = {{{"id", 3}, {"name", "bug"}}};
  EXPECT_EQ(tell_issue("edited", one), "verified");
  run();
  EXPECT_EQ(task("replace(body, E'\\n', ' '), labels, milestone, version"),
            "ONE two three FOUR|{bug}|1.0|3");
  EXPECT_EQ(link("owed, base ->> 'milestone', base -> 'labels'"), "2|[\"bug\"]");
  EXPECT_EQ(versions(), "1 github, 2 local, 3 merge");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where direction = 'outbound' "
                             "and state = 'verified'"),
            "1");
}

TEST_F(Inbound, ShowsWhatLost) {
  make_task(issue(1, "Broken", 10));
  edit_here(1, "title = 'Ours'");
  EXPECT_EQ(tell_issue("edited", issue(1, "Theirs", 20)), "verified");
  run();
  EXPECT_EQ(task("title, version"), "Theirs|4");
  EXPECT_EQ(versions(), "1 github, 2 local, 3 local lost to 4, 4 merge");
  EXPECT_EQ(database_.scalar("select fields from devy.record_version where is_lost"),
            R"({"title": "Ours"})");
  EXPECT_EQ(outcomes(), "created merged");
}

TEST_F(Inbound, LetsTheProjectsSideWin) {
  database_.execute("update devy.project set conflict = 'local'");
  make_task(issue(1, "Broken", 10));
  edit_here(1, "title = 'Ours'");
  EXPECT_EQ(tell_issue("edited", issue(1, "Theirs", 20)), "verified");
  run();
  EXPECT_EQ(task("title"), "Ours");
  EXPECT_EQ(database_.scalar("select fields ->> 'title' || ' ' || origin from devy.record_version "
                             "where is_lost"),
            "Theirs github");
  EXPECT_EQ(link("base ->> 'title'"), "Theirs");
}

// ---- ends

TEST_F(Inbound, LeavesTheTaskOfADeletedIssue) {
  make_task(issue(1, "Broken", 10));
  EXPECT_EQ(tell_issue("deleted", issue(1, "Broken", 20)), "verified");
  run();
  EXPECT_EQ(link("gone_reason"), "deleted");
  EXPECT_EQ(task("title, deleted_at is null"), "Broken|t");
  EXPECT_EQ(tell_issue("edited", issue(1, "Late", 30)), "dropped");
  EXPECT_EQ(outcomes(), "created gone dropped");
}

TEST_F(Inbound, LeavesCommentsToTheTaskOfADeletedIssue) {
  const auto one = issue(1, "Broken", 10);
  for (int number = 0; number < 25; ++number)
    tell_comment("created", comment(500 + number, "text " + std::to_string(number), 12), one);
  run();
  EXPECT_EQ(tell_issue("deleted", issue(1, "Broken", 20)), "verified");
  run();
  EXPECT_EQ(database_.scalar("select count(*) from devy.comment where deleted_at is null"), "25");
  EXPECT_EQ(database_.scalar("select count(*) from devy.sync_link where gone_reason = 'deleted'"),
            "26");
  EXPECT_EQ(database_.scalar("select state from devy.project_repository"), "synced")
      << "one deletion is no mass delete";
}

TEST_F(Inbound, AsksAPersonWhereManyAreDeleted) {
  for (int number = 1; number <= 25; ++number)
    tell_issue("opened", issue(number, "Broken", 10));
  run();
  for (int number = 1; number <= 22; ++number)
    tell_issue("deleted", issue(number, "Broken", 20));
  run();
  EXPECT_EQ(database_.scalar("select count(*) from devy.sync_link where gone_at is not null"),
            "20");
  EXPECT_EQ(database_.scalar("select state || ' ' || reason || ' ' || former_state from "
                             "devy.project_repository"),
            "blocked mass_delete synced");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where state = 'held'"), "2");
  // A person who lets the connection go on has looked at it.
  database_.execute("select devy.connection_approve(id, 'alice') from devy.project_repository");
  run();
  EXPECT_EQ(database_.scalar("select count(*) from devy.sync_link where gone_at is not null"),
            "22");
}

// ---- rows of the mirror

TEST_F(Inbound, HearsOfRowsThatChangeOtherwise) {
  make_task(issue(1, "Broken", 10));
  run(true);
  // The delivery was lost; a comment's event brings the issue as it is.
  database_.execute("update devy.project_repository set state = 'synced'");
  const auto changed = issue(1, "Fixed", 30);
  EXPECT_EQ(tell_comment("created", comment(500, "Done", 30), changed), "verified");
  run(true);
  EXPECT_EQ(task("title"), "Fixed");
  EXPECT_EQ(database_.scalar("select source from devy.operation o join devy.sync_operation s on "
                             "s.operation_id = o.id where s.outcome = 'applied'"),
            "reconcile");
}

TEST_F(Inbound, ComesBackWithARowThatDoes) {
  make_task(issue(1, "Broken", 10));
  tell_issue("deleted", issue(1, "Broken", 20));
  run();
  EXPECT_EQ(link("gone_reason"), "deleted");
  database_.execute(
      "update github.issue set deleted_at = null, deleted_reason = null, title = 'Back'");
  observer_.observe(connection_, {{"issue", 1001, 7, "restore", {"title"}}});
  run();
  EXPECT_EQ(link("gone_reason is null"), "t");
  EXPECT_EQ(task("title"), "Back");
  EXPECT_EQ(tell_issue("edited", issue(1, "Edited", 40)), "verified") << "its end counts no more";
}

TEST_F(Inbound, LeavesAPairAloneWhoseTaskWasDeletedHere) {
  make_task(issue(1, "Broken", 10));
  database_.execute(
      "update devy.sync_link set gone_at = now(), gone_reason = 'unlinked'; update devy.task set "
      "deleted_at = now()");
  EXPECT_EQ(tell_issue("edited", issue(1, "Fixed", 20)), "verified");
  run();
  EXPECT_EQ(task("title, deleted_at is not null"), "Broken|t");
  EXPECT_EQ(database_.scalar("select count(*) from devy.task"), "1");
}

TEST_F(Inbound, ReadsCommentsAgainWhereTheirCountDiffers) {
  auto one = issue(1, "Broken", 10);
  one["comments"] = 1;
  tell_comment("created", comment(500, "Me too", 12), one);
  run(true);
  EXPECT_EQ(inbound::look_for_comment_gaps(connection_, config_), 0);
  // It was deleted, and nobody told; then its issue was read.
  database_.execute("update github.issue set comments_count = 0");
  EXPECT_EQ(inbound::look_for_comment_gaps(connection_, config_), 1);
  EXPECT_EQ(database_.scalar("select target from devy.mirror_operation m join devy.operation o on "
                             "o.id = m.operation_id where o.lane = 'github'"),
            "alice/notes/comments");
}

// ---- what was made here

TEST_F(Inbound, KnowsWhatWasMadeHereByItsMarker) {
  const std::string id = "dddddddd-0000-4000-8000-000000000001";
  const std::string marker = "<!-- devy:task:" + id + ":0123456789abcdef -->";
  database_.execute(
      "begin; insert into devy.task (id, project_id, number, connection_id, title, body) values "
      "('" +
      id +
      "', 'bbbbbbbb-0000-4000-8000-000000000001', 9, 'cccccccc-0000-4000-8000-000000000001', "
      "'Ours', 'text'); insert into devy.record_version (record_id, version, origin, fields) "
      "values "
      "('" +
      id + "', 1, 'local', devy.sync_task_fields('" + id +
      "')); select devy.sync_link_of_record('" + id +
      "', 'task', 'cccccccc-0000-4000-8000-000000000001', null); update devy.sync_link set intent "
      "= "
      "jsonb_build_object('marker', '" +
      marker + "', 'version', 1); commit");
  auto forged = issue(4, "Forged", 10);
  forged["body"] = "text\n\n<!-- devy:task:" + id + ":ffffffffffffffff -->";
  EXPECT_EQ(tell_issue("opened", forged), "verified");
  auto ours = issue(5, "Ours", 10);
  ours["body"] = "text\n\n" + marker;
  EXPECT_EQ(tell_issue("opened", ours), "verified");
  run();
  EXPECT_EQ(link("id", 5), id);
  EXPECT_EQ(task("number, title, body, version", 5), "9|Ours|text|1");
  EXPECT_NE(link("id", 4), id) << "a marker that is not ours names nothing";
  EXPECT_EQ(database_.scalar("select count(*) from devy.task"), "2");
}

}  // namespace inbound_test
}  // namespace devy::testing
