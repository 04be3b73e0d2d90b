// `verify --repair`: what a blog shows is published once more, and the blog stays where it is.
#include "core/publishing/reconcile/repair.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace repair_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class Repair : public UploadTest {
 protected:
  Repair() {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    write("a.md", "# A one\n");
    write("b.md", "# B\n");
  }

  // Two commits; the blog shows the first again.
  void roll_back() {
    first_ = push_and_publish();
    write("a.md", "# A two, which was bad\n");
    push_and_publish();
    queue::ReplayOptions rollback;
    rollback.is_forced = true;
    queue::replay(connection_, first_.id, rollback);
    EXPECT_EQ(ending(run(first_.id)), "completed");
    first_ = load(first_.id);
    expect_head(*first_.commit);
  }

  void lose(const std::string& path) const {
    execute("delete from revision where path = '" + path + "'; delete from post where path = '" +
            path + "'");
  }
  // Posts of no file.
  void add_strangers(int count) const {
    execute(
        "insert into post (id, blog_id, path, slug, title, published_at, markdown, html, blob, "
        "commit, origin, file_bytes, date_source) select gen_random_uuid(), id, 'stranger' || n || "
        "'.md', "
        "'stranger' || n, 'S', now(), '', '', repeat('0', 40), repeat('0', 40), '', 0, 'written' "
        "from blog, "
        "generate_series(1, " +
        std::to_string(count) +
        ") n where slug = 'blog';"
        "insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit) "
        "select id, 1, blog_id, 'created', path, slug, title, blob, commit from post where path "
        "like 'stranger%'");
  }

  static publishing::UploadRequest push_of(const std::string& commit) {
    publishing::UploadRequest request;
    request.announced_commit = commit;
    return request;
  }

  base::UploadId record_repair() {
    return reconcile::record_repair(connection_, config_, blog(), "test");
  }
  publishing::Upload repair() { return run(record_repair()); }
  std::string refusal() {
    const auto obstacle = reconcile::repair_obstacle(connection_, blog());
    const auto before = value("select count(*) from operation");
    try {
      static_cast<void>(record_repair());
    } catch (const base::Error& error) {
      EXPECT_EQ(value("select count(*) from operation"), before);
      EXPECT_EQ(obstacle.value().text(), error.text());
      EXPECT_FALSE(error.hint().empty());
      return error.code() + ": " + error.text();
    }
    return "not refused";
  }
  bool is_verified() { return reconcile::verify(connection_, config_, blog(), {}).is_ok; }
  std::string row_of(const publishing::Upload& upload) const {
    return value(
        "select o::text || u::text from operation o join upload u on u.operation_id = o.id "
        "where o.id = '" +
        upload.id.text() + "'");
  }

  publishing::Upload first_;
};

TEST_F(Repair, PublishesWhatTheBlogShowsAfterARollbackAndKeepsThePin) {
  roll_back();
  const auto before = row_of(first_);
  lose("b.md");
  EXPECT_FALSE(is_verified());
  const auto upload = repair();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(upload.commit, first_.commit);
  EXPECT_EQ(changes_text(upload), "1 0 0 0 1 0");
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A one");
  EXPECT_EQ(blog().pinned_commit, first_.commit);
  EXPECT_EQ(blog().head_commit, first_.commit);
  EXPECT_EQ(row_of(first_), before);
  EXPECT_TRUE(is_verified());
}

TEST_F(Repair, IsAnUploadOfItsOwn) {
  const auto published = push_and_publish();
  const auto before = row_of(published);
  lose("b.md");
  const auto upload = repair();
  EXPECT_NE(upload.id, published.id);
  EXPECT_EQ(upload.trigger, "repair");
  EXPECT_EQ(upload.requested_by, "test");
  EXPECT_EQ(upload.reason, "verify --repair");
  EXPECT_EQ(upload.from_commit, published.commit);
  EXPECT_EQ(row_of(published), before);
  EXPECT_EQ(blog().last_upload, published.id);
  EXPECT_EQ(blog().pinned_commit, std::nullopt);
}

TEST_F(Repair, StaysPinnedForReconcileUntilTheNextPush) {
  roll_back();
  lose("b.md");
  repair();
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note, "pinned");
  write("a.md", "# A three\n");
  expect_head(push());
  EXPECT_EQ(ending(publish()), "completed");
  EXPECT_EQ(blog().pinned_commit, std::nullopt);
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A three");
}

TEST_F(Repair, PublishesTheShownCommitThoughTheTipHasMoved) {
  const auto shown = *push_and_publish().commit;
  write("a.md", "# A two\n");
  push();
  lose("a.md");
  EXPECT_EQ(repair().commit, shown);
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A one");
  expect_head(shown);
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note,
            "upload recorded");
}

TEST_F(Repair, RemovesStrangersBeyondWhatTheGuardAllows) {
  push_and_publish();
  add_strangers(40);
  const auto upload = repair();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(changes_text(upload), "0 0 0 40 2 0");
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"}));
}

TEST_F(Repair, LeavesAHeldUploadHeldAndLetsItBeApprovedLater) {
  for (int i = 0; i < 20; ++i)
    write("post-" + std::to_string(i) + ".md", "# Post\n");
  const auto shown = *push_and_publish().commit;
  for (int i = 0; i < 20; ++i)
    author_.remove_file("post-" + std::to_string(i) + ".md");
  const auto tip = push();
  const auto held = publish();
  ASSERT_EQ(ending(held), "held/mass_delete");
  lose("a.md");
  const auto upload = repair();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(upload.commit, shown);
  EXPECT_EQ(posts().size(), 22U);
  EXPECT_EQ(ending(load(held.id)), "held/mass_delete");
  // The newest upload that is no repair is still the one that waits for a person.
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note,
            "already waiting");
  queue::approve(connection_, held.id, "test", "");
  EXPECT_EQ(ending(run(held.id)), "completed");
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"}));
  expect_head(tip);
}

TEST_F(Repair, DoesNotGoOnWithAChangesetFromBeforeARepair) {
  push_and_publish();
  lose("b.md");
  write("c.md", "# C\n");
  const auto tip = push();
  // It finds that b.md is lost, and is stopped before it publishes.
  const auto waiting = record();
  execute("update operation set attempt = 1, step = 'publish', fetched_revision = '" + tip +
          "' where id = '" + waiting.text() + "'");
  execute(
      "insert into changeset (operation_id, from_commit, to_commit, origin, unchanged, changes) "
      "select '" +
      waiting.text() + "', head_commit, '" + tip +
      "', head_origin, 1, "
      "(select jsonb_build_array(jsonb_build_array('c', 'b.md', blob), "
      "jsonb_build_array('c', 'c.md', blob)) from post where path = 'a.md') from blog");
  EXPECT_EQ(ending(repair()), "completed");
  EXPECT_EQ(ending(run(waiting)), "completed");
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b", "c.md c"}));
  expect_head(tip);
}

TEST_F(Repair, SupersedesNothingAndIsNotSuperseded) {
  push_and_publish();
  lose("b.md");
  write("a.md", "# A two\n");
  const auto tip = push();
  const auto waiting = record();
  const auto upload = record_repair();
  write("a.md", "# A three\n");
  const auto later = push();
  const auto newer = record(push_of(later));
  EXPECT_EQ(load(waiting).cancelled_by, newer.text());
  EXPECT_EQ(load(upload).state, queue::State::verified);
  EXPECT_EQ(ending(run(upload)), "completed");
  EXPECT_EQ(ending(run(newer)), "completed");
  expect_head(later);
  EXPECT_NE(tip, later);
}

TEST_F(Repair, RepairsWhatIsShownByTheTimeItRuns) {
  push_and_publish();
  const auto upload = record_repair();
  write("a.md", "# A two\n");
  push_and_publish();
  lose("b.md");
  EXPECT_EQ(run(upload).commit, blog().head_commit);
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A two");
}

TEST_F(Repair, IsRecordedOnceForTwoWhoAskAtATime) {
  push_and_publish();
  lose("b.md");
  const auto upload = record_repair();
  EXPECT_EQ(record_repair(), upload);
  EXPECT_EQ(ending(run(upload)), "completed");
  // Drift may come back, so one that has ended says nothing of the next.
  lose("b.md");
  const auto again = record_repair();
  EXPECT_NE(again, upload);
  EXPECT_EQ(ending(run(again)), "completed");
}

TEST_F(Repair, ChangesNothingWhereNothingHasDrifted) {
  push_and_publish();
  const auto before = digest();
  EXPECT_EQ(changes_text(repair()), "0 0 0 0 2 0");
  EXPECT_EQ(digest(), before);
}

TEST_F(Repair, LeavesADuplicatePushADuplicateOfThePush) {
  const auto published = push_and_publish();
  lose("b.md");
  repair();
  const auto again = load(record(push_of(*published.commit)));
  EXPECT_EQ(again.state, queue::State::duplicate);
  EXPECT_EQ(again.duplicate_of, published.id.text());
}

TEST_F(Repair, PutsAnOlderRenderersPostsRight) {
  roll_back();
  execute(
      "update post set origin = 'older', html = '<p>older</p>'; update blog set head_origin = "
      "'older'");
  EXPECT_FALSE(is_verified());
  EXPECT_EQ(changes_text(repair()), "0 2 0 0 0 0");
  EXPECT_TRUE(is_verified());
  EXPECT_EQ(blog().pinned_commit, first_.commit);
}

TEST_F(Repair, GivesAPostItsSlugAndTitleBack) {
  push_and_publish();
  const auto id = value("select id from post where path = 'a.md'");
  execute("update post set slug = 'defaced', title = 'Defaced' where path = 'a.md'");
  const auto verification = reconcile::verify(connection_, config_, blog(), {});
  EXPECT_EQ(verification.different, Lines{"a.md"});
  EXPECT_EQ(changes_text(repair()), "0 1 0 0 1 0");
  EXPECT_EQ(value("select id || ' ' || slug || ' ' || title from post where path = 'a.md'"),
            id + " a A one");
  EXPECT_EQ(redirects(), Lines{});
  EXPECT_TRUE(is_verified());
}

TEST_F(Repair, GivesAPostBackWhatItHadThoughItsFileIsInErrorNow) {
  push_and_publish();
  write("a.md", "---\ntitle: [\n---\n# A\n");
  push_and_publish();
  execute("update post set slug = 'defaced', title = 'Defaced' where path = 'a.md'");
  EXPECT_FALSE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
  const auto id = reconcile::record_repair(connection_, config_, blog(), "test");
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(value("select slug || ' ' || title from post where path = 'a.md'"), "a A one");
  EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
}

TEST_F(Repair, PutsPostsRightWhoseSlugsWereSwapped) {
  push_and_publish();
  execute("update post set slug = case slug when 'a' then 'b' else 'a' end");
  EXPECT_EQ(changes_text(repair()), "0 2 0 0 0 0");
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"}));
  EXPECT_EQ(redirects(), Lines{});
}

TEST_F(Repair, FailsWithAWayOutWhenTheCommitIsGone) {
  push_and_publish();
  const auto shown = *blog().head_commit;
  author_.reset_to(shown);
  const auto upload = record_repair();
  write("a.md", "# Another history\n");
  testing::git({"-C", author_.folder(), "commit", "--amend", "-a", "-m", "Rewrite"});
  author_.force_push(bare());
  testing::git({"-C", bare(), "reflog", "expire", "--expire=now", "--all"});
  testing::git({"-C", bare(), "gc", "--prune=now", "--quiet"});
  const auto failed = run(upload);
  EXPECT_EQ(ending(failed), "failed/commit_gone");
  EXPECT_NE(failed.error_text->find("no longer has the commit that it shows, " + shown),
            std::string::npos);
  EXPECT_NE(failed.error_hint->find("trigger alice/blog"), std::string::npos);
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"}));
  try {
    static_cast<void>(reconcile::verify(connection_, config_, blog(), {}));
    ADD_FAILURE() << "verified";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "commit_gone");
    EXPECT_NE(error.hint().find("trigger alice/blog"), std::string::npos);
  }
  // As it says: the tip goes where the lost commit was.
  expect_head(author_.head());
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(Repair, IsRefusedWhereItCouldNotRun) {
  EXPECT_EQ(refusal(),
            "nothing_published: unable to repair 'alice/blog': nothing is published yet");
  push_and_publish();
  queue::pause(connection_, blog().resource, "moving (ann@host)");
  EXPECT_TRUE(
      refusal().starts_with("blog_paused: unable to repair 'alice/blog': it is paused since"));
  queue::resume(connection_, blog().resource);
  queue::pause(connection_, std::nullopt, "moving (ann@host)");
  EXPECT_TRUE(refusal().ends_with(": moving (ann@host)"));
  queue::resume(connection_, std::nullopt);
  ASSERT_TRUE(publishing::freeze_blog(connection_, blog(), "repository deleted"));
  EXPECT_EQ(refusal(),
            "blog_frozen: unable to repair 'alice/blog': it is frozen: repository deleted");
  ASSERT_TRUE(publishing::thaw_blog(connection_, blog(), "repository deleted"));
  publishing::disconnect_blog(connection_, blog());
  EXPECT_EQ(refusal(), "blog_disconnected: unable to repair 'alice/blog': it is disconnected");
}

TEST_F(Repair, TellsGithubNothing) {
  push_and_publish();
  lose("b.md");
  repair();
  EXPECT_EQ(value("select count(*) from commit_status"), "0");
}

TEST_F(Repair, KeepsThePinThroughAReplayThatIsNoRollback) {
  roll_back();
  lose("b.md");
  queue::replay(connection_, first_.id, {});
  EXPECT_EQ(ending(run(first_.id)), "completed");
  EXPECT_EQ(blog().pinned_commit, first_.commit);
}

}  // namespace repair_test
}  // namespace devy::upload
