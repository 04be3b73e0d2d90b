// Issues that go to another repository, names that change, and edits that nobody was told of.
#include "tests/integration/sync/inbound/inbound_fixture.hpp"

namespace devy::testing {
namespace moves_test {

class Moves : public InboundTest {
 protected:
  Moves() {
    database_.execute(
        "insert into devy.resource (kind, key, owner) values ('connection', 'd', 'sync/alice'); "
        "insert into github.repository (id, name, owner_login, is_mirrored) values (8, 'plans', "
        "'alice', true); insert into devy.project_repository (id, project_id, repository_id, "
        "resource_id, state) select 'cccccccc-0000-4000-8000-000000000002', "
        "'bbbbbbbb-0000-4000-8000-000000000001', 8, id, 'synced' from devy.resource where key = "
        "'d'");
  }
  // GitHub's row of the issue that it is now, as the other repository's event or scan writes it.
  void mirror_moved(int number) const {
    const auto text = std::to_string(number);
    database_.execute(
        "insert into github.issue (id, repository_id, number, state, title, body, "
        "user_id, created_at, updated_at) values (2000 + " +
        text + ", 8, " + text +
        ", 'open', 'Broken', 'as it was', 42, '2026-05-01', '2026-05-01T00:00:20Z')");
  }
  std::string transfer(int number, int to) {
    Document changes = {{"new_issue", {{"id", 2000 + to}, {"number", to}}},
                        {"new_repository", {{"id", 8}, {"full_name", "alice/plans"}}}};
    return tell("issues", "transferred",
                {{"issue", issue(number, "Broken", 20)}, {"changes", changes}});
  }
};

TEST_F(Moves, TakesTheTaskAlongWithItsIssue) {
  const auto id = make_task(issue(1, "Broken", 10));
  mirror_moved(5);
  EXPECT_EQ(transfer(1, 5), "verified");
  run();
  EXPECT_EQ(
      database_.scalar("select connection_id || ' ' || github_key || ' ' || (gone_at is null) "
                       "from devy.sync_link where id = '" +
                       id + "'"),
      "cccccccc-0000-4000-8000-000000000002 5 true");
  EXPECT_EQ(database_.scalar("select connection_id from devy.task"),
            "cccccccc-0000-4000-8000-000000000002");
  EXPECT_EQ(database_.scalar("select completed_event_at is null from devy.resource where kind = "
                             "'task'"),
            "t")
      << "the old issue's end says nothing of the new one";
}

TEST_F(Moves, PutsTheNewTaskIntoTheOld) {
  const auto id = make_task(issue(1, "Broken", 10));
  tell_comment("created", comment(500, "Me too", 12), issue(1, "Broken", 10));
  run();
  mirror_moved(5);
  // The new issue was heard of first, with its comments: GitHub copied one, and one is new.
  database_.execute(
      "insert into github.issue_comment (id, repository_id, number, user_id, body, created_at, "
      "updated_at) values (900, 8, 5, 42, 'Me too', '2026-05-01T00:00:00Z', "
      "'2026-05-01T00:00:20Z'), "
      "(901, 8, 5, 43, 'New', '2026-05-01T00:00:30Z', '2026-05-01T00:00:30Z')");
  observer_.observe(connection_, {{"issue", 2005, 8, "insert", {}},
                                  {"issue_comment", 900, 8, "insert", {}},
                                  {"issue_comment", 901, 8, "insert", {}}});
  run();
  EXPECT_EQ(database_.scalar("select count(*) from devy.task"), "2");
  EXPECT_EQ(transfer(1, 5), "verified");
  run();
  EXPECT_EQ(database_.scalar("select string_agg(id::text, ' ') from devy.task"), id);
  EXPECT_EQ(
      database_.scalar("select string_agg(l.github_key || ' ' || c.body, ', ' order by "
                       "l.github_key) from devy.comment c join devy.sync_link l on l.id = c.id"),
      "900 Me too, 901 New");
  EXPECT_EQ(database_.scalar("select count(*) from devy.sync_link"), "3");
}

TEST_F(Moves, EndsThePairOfAnIssueThatWentElsewhere) {
  make_task(issue(1, "Broken", 10));
  database_.execute(
      "update devy.project_repository set state = 'disconnected', reason = 'asked' "
      "where repository_id = 8");
  EXPECT_EQ(transfer(1, 5), "verified");
  run();
  EXPECT_EQ(link("gone_reason"), "transferred");
}

TEST_F(Moves, RenamesLabelsThatWereNotSentYet) {
  make_task(issue(1, "Broken", 10));
  edit_here(1, "labels = '{bug,kept}', milestone = '1.0'");
  EXPECT_EQ(tell("label", "edited",
                 {{"label", {{"id", 3}, {"name", "defect"}}},
                  {"changes", {{"name", {{"from", "bug"}}}}}}),
            "");
  EXPECT_EQ(task("labels, version"), "{defect,kept}|3");
  tell("milestone", "edited",
       {{"milestone", {{"id", 4}, {"number", 1}, {"title", "2.0"}}},
        {"changes", {{"title", {{"from", "1.0"}}}}}});
  EXPECT_EQ(task("milestone"), "2.0");
  tell("label", "deleted", {{"label", {{"id", 3}, {"name", "defect"}}}});
  EXPECT_EQ(task("labels"), "{kept}");
  EXPECT_EQ(database_.scalar("select count(*) from devy.operation where direction = 'outbound'"),
            "0");
}

TEST_F(Moves, KeepsTheNameThatALabelHasHere) {
  database_.execute(R"(update devy.project_repository set labels = '{"bug": "Fehler"}')");
  auto one = issue(1, "Broken", 10);
  one["labels"] = {{{"id", 3}, {"name", "bug"}}};
  make_task(one);
  EXPECT_EQ(task("labels"), "{Fehler}");
  tell("label", "edited",
       {{"label", {{"id", 3}, {"name", "defect"}}}, {"changes", {{"name", {{"from", "bug"}}}}}});
  one["labels"] = {{{"id", 3}, {"name", "defect"}}};
  one["updated_at"] = "2026-05-01T00:00:20Z";
  tell_issue("labeled", one);
  run();
  EXPECT_EQ(task("labels, version"), "{Fehler}|1");
}

// A label's event tells of its name alone, and its issues follow.
TEST_F(Moves, FollowsALabelThroughTheMirror) {
  auto one = issue(1, "Broken", 10);
  one["labels"] = {{{"id", 3}, {"name", "bug"}, {"color", "ff0000"}, {"default", false}}};
  make_task(one);
  run(true);
  tell("label", "edited",
       {{"label", {{"id", 3}, {"name", "defect"}, {"color", "ff0000"}, {"default", false}}},
        {"changes", {{"name", {{"from", "bug"}}}}}});
  run(true);
  EXPECT_EQ(task("labels"), "{defect}");
  EXPECT_EQ(link("owed"), "0");
}

// What was written over in between is shown: nobody else was told of it.
TEST_F(Moves, KeepsAnEditThatOurWriteTookThePlaceOf) {
  make_task(issue(1, "Broken", 10));
  edit_here(1, "title = 'Ours'");
  // Our write's answer came, and what it said was heard.
  database_.execute(
      "begin; update github.issue set title = 'Ours', updated_at = '2026-05-01T00:00:30Z', "
      "github_at "
      "= '2026-05-01T00:00:30Z'; update devy.sync_link set github_updated_at = "
      "'2026-05-01T00:00:30Z', owed = 0, base = base || '{\"title\": \"Ours\"}', base_digest = "
      "'x'; "
      "insert into devy.operation (id, kind, resource_id, owner, state, direction, lane, source, "
      "priority, max_attempts) select 'eeeeeeee-0000-4000-8000-000000000001', 'task_sync', id, "
      "'o', "
      "'verified', 'outbound', 'github', 'api', 90, 12 from devy.resource where kind = 'task'; "
      "update devy.operation set state = 'cancelled', finished_at = now() where direction = "
      "'outbound'; update devy.resource set completed_event_at = '2026-05-01T00:00:30Z', "
      "completed_event_by = 'eeeeeeee-0000-4000-8000-000000000001' where kind = 'task'; commit");
  EXPECT_EQ(tell_issue("edited", issue(1, "Theirs", 20)), "verified");
  run();
  EXPECT_EQ(task("title"), "Ours");
  EXPECT_EQ(database_.scalar("select fields ->> 'title' from devy.record_version where is_lost"),
            "Theirs");
  EXPECT_EQ(tell_issue("edited", issue(1, "Broken", 10)), "verified");
  run();
  EXPECT_EQ(database_.scalar("select count(*) from devy.record_version where is_lost"), "1")
      << "a value that some version has is not lost";
}

}  // namespace moves_test
}  // namespace devy::testing
