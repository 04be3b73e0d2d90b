// Looking after blogs by themselves: lost webhooks, remotes that fail, repositories that go, move
// and come back, drift.
#include <filesystem>

#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/publishing/reconcile/due_blogs.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::reconcile {
namespace reconcile_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

class ReconcileScheduleTest : public UploadTest {
 protected:
  ReconcileScheduleTest() {
    write("a.md", "# A\n");
    write("b.md", "# B\n");
    live_ = push();
    expect_head(live_);
    EXPECT_EQ(ending(publish()), "completed");
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
  }

  queue::MaintenanceCounts reconcile_due() {
    execute("update reconcile_schedule set reconcile_at = clock_timestamp()");
    queue::MaintenanceCounts counts;
    EXPECT_TRUE(reconcile_next(connection_, config_, asker_, counts, {}));
    return counts;
  }
  queue::MaintenanceCounts verify_due() {
    execute("update reconcile_schedule set verify_at = clock_timestamp()");
    queue::MaintenanceCounts counts;
    EXPECT_TRUE(verify_next(connection_, config_, counts, {}));
    return counts;
  }
  void answer(int status) {
    server_.misbehave([status](testing::Faults& faults) { faults.status = status; });
  }
  // Until the blog's remote is asked again.
  [[nodiscard]] double seconds_to_next() const {
    return std::stod(value(
        "select extract(epoch from reconcile_at - clock_timestamp()) from reconcile_schedule"));
  }
  void run_what_waits() {
    const auto id = value("select id from operation where state = 'verified'");
    EXPECT_EQ(ending(run(base::UploadId::trusted(id))), "completed");
  }

  std::string live_;
};

TEST_F(ReconcileScheduleTest, MakesABlogDueOncePerInterval) {
  execute("update reconcile_schedule set reconcile_at = clock_timestamp() - interval '1 hour'");
  EXPECT_EQ(publishing::claim_reconcile(connection_, config_.reconcile.every), blog_id_);
  EXPECT_EQ(publishing::claim_reconcile(connection_, config_.reconcile.every), std::nullopt);
  EXPECT_GT(seconds_to_next(), 75);
  EXPECT_LT(seconds_to_next(), 100);
}

TEST_F(ReconcileScheduleTest, GivesABlogToOneOfTwoDaemons) {
  execute(
      "update reconcile_schedule set reconcile_at = clock_timestamp(), verify_at = "
      "clock_timestamp()");
  auto other = pg::Connection::open(conninfo_, config_.database, "other");
  pg::Transaction claiming(other);
  EXPECT_TRUE(publishing::claim_reconcile(other, config_.reconcile.every).has_value());
  // It does not wait for the other's end either.
  EXPECT_EQ(publishing::claim_reconcile(connection_, config_.reconcile.every), std::nullopt);
  EXPECT_EQ(publishing::claim_verify(connection_, config_.verify.every), std::nullopt);
  claiming.commit();
}

TEST_F(ReconcileScheduleTest, SkipsADisconnectedBlog) {
  publishing::disconnect_blog(connection_, blog());
  EXPECT_EQ(value("select count(*) from reconcile_schedule where reconcile_at is null and "
                  "verify_at is null"),
            "1");
  execute("update reconcile_schedule set reconcile_at = clock_timestamp()");
  EXPECT_EQ(publishing::claim_reconcile(connection_, config_.reconcile.every), std::nullopt);
}

TEST_F(ReconcileScheduleTest, FindsAPushWhoseDeliveryWasLost) {
  write("a.md", "# A, again\n");
  const auto tip = push();
  EXPECT_EQ(reconcile_due()["missed"], 1);
  EXPECT_EQ(value("select source || ' ' || announced_revision from operation "
                  "where state = 'verified'"),
            "reconcile " + tip);
  run_what_waits();
  expect_head(tip);
  EXPECT_EQ(reconcile_due()["missed"], 0);
}

TEST_F(ReconcileScheduleTest, AsksAFailingRemoteLessAndLessOften) {
  answer(503);
  EXPECT_EQ(reconcile_due()["failed"], 1);
  EXPECT_NEAR(seconds_to_next(), 180, 20);
  reconcile_due();
  EXPECT_NEAR(seconds_to_next(), 360, 40);
  for (int n = 0; n < 8; ++n)
    reconcile_due();
  EXPECT_NEAR(seconds_to_next(), 3'600, 400);
  const auto noted = publishing::load_reconcile_schedule(connection_, blog_id_);
  EXPECT_EQ(noted.failures, 10);
  EXPECT_NE(noted.error.value_or("").find("the server answered 503"), std::string::npos);
  // A server that is away for long says nothing about the repository.
  EXPECT_FALSE(noted.gone_since.has_value());
  EXPECT_EQ(blog().frozen_reason, std::nullopt);
  answer(0);
  reconcile_due();
  EXPECT_EQ(publishing::load_reconcile_schedule(connection_, blog_id_).failures, 0);
  EXPECT_NEAR(seconds_to_next(), 90, 10);
}

TEST_F(ReconcileScheduleTest, GivesUpARemoteThatHangs) {
  config_.reconcile.timeout = std::chrono::seconds{1};
  server_.misbehave([](testing::Faults& faults) { faults.is_silent = true; });
  EXPECT_EQ(reconcile_due()["failed"], 1);
  EXPECT_EQ(publishing::load_reconcile_schedule(connection_, blog_id_).failures, 1);
}

TEST_F(ReconcileScheduleTest, FreezesTheBlogButKeepsThePostsOfALongMissingRepository) {
  answer(404);
  reconcile_due();
  EXPECT_EQ(blog().frozen_reason, std::nullopt);
  execute("update reconcile_schedule set gone_since = gone_since - interval '2 days'");
  reconcile_due();
  EXPECT_EQ(blog().frozen_reason, publishing::unreachable_reason);
  EXPECT_EQ(load(record()).state, queue::State::disabled);
  EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"}));
  // It is asked on; and when it is there again, what was missed is published.
  answer(0);
  write("a.md", "# A, again\n");
  const auto tip = push();
  EXPECT_EQ(reconcile_due()["missed"], 1);
  EXPECT_EQ(blog().frozen_reason, std::nullopt);
  run_what_waits();
  expect_head(tip);
}

TEST_F(ReconcileScheduleTest, ForgetsMissingAnswersOnceThereIsOne) {
  answer(401);
  reconcile_due();
  execute("update reconcile_schedule set gone_since = gone_since - interval '2 days'");
  answer(0);
  reconcile_due();
  answer(401);
  reconcile_due();
  EXPECT_EQ(blog().frozen_reason, std::nullopt);
}

TEST_F(ReconcileScheduleTest, KeepsTheBlogFrozenWhenAnotherRepositoryHasTheName) {
  ASSERT_TRUE(publishing::freeze_blog(connection_, blog(), publishing::unreachable_reason));
  std::filesystem::remove_all(bare());
  testing::make_bare_repository(bare());
  testing::GitRepository stranger(folder_ / "stranger");
  stranger.write_file("a.md", "# Somebody else's\n");
  stranger.commit();
  stranger.push(bare());
  EXPECT_EQ(reconcile_due()["failed"], 1);
  EXPECT_EQ(blog().frozen_reason, publishing::unreachable_reason);
  EXPECT_NE(publishing::load_reconcile_schedule(connection_, blog_id_)
                .error.value_or("")
                .find("does not have"),
            std::string::npos);
}

TEST_F(ReconcileScheduleTest, SkipsABlogThatGithubFroze) {
  execute("update repository set frozen_reason = 'repository deleted'");
  execute(
      "update reconcile_schedule set reconcile_at = clock_timestamp(), verify_at = "
      "clock_timestamp()");
  const auto requests = server_.counters().requests;
  queue::MaintenanceCounts counts;
  EXPECT_FALSE(reconcile_next(connection_, config_, asker_, counts, {}));
  EXPECT_FALSE(verify_next(connection_, config_, counts, {}));
  EXPECT_EQ(server_.counters().requests, requests);
}

TEST_F(ReconcileScheduleTest, FollowsARenamedRepository) {
  const auto old_url = blog().repository_url;
  const auto renamed = folder_ / "srv/alice/renamed.git";
  std::filesystem::rename(bare(), renamed);
  server_.misbehave([&](testing::Faults& faults) {
    faults.redirects["/alice/blog.git"] = server_.url("alice/renamed.git");
  });
  reconcile_due();
  EXPECT_EQ(blog().repository_url, server_.url("alice/renamed.git"));
  EXPECT_NE(blog().repository_url, old_url);
  oracle_.repository = renamed;
}

TEST_F(ReconcileScheduleTest, FollowsAnotherDefaultBranch) {
  author_.new_branch("trunk");
  write("c.md", "# C\n");
  author_.commit();
  author_.push(bare());
  EXPECT_EQ(reconcile_due()["missed"], 0);
  testing::git({"-C", bare(), "symbolic-ref", "HEAD", "refs/heads/trunk"});
  EXPECT_EQ(reconcile_due()["missed"], 1);
  run_what_waits();
  EXPECT_EQ(blog().default_branch, "trunk");
  expect_head(author_.head());
}

TEST_F(ReconcileScheduleTest, DetectsDriftAndRepairsItOnlyWhenConfigured) {
  EXPECT_EQ(verify_due()["drifted"], 0);
  execute("delete from revision where path = 'a.md'; delete from post where path = 'a.md'");
  auto counts = verify_due();
  EXPECT_EQ(counts["verified"], 1);
  EXPECT_EQ(counts["drifted"], 1);
  EXPECT_EQ(publishing::load_reconcile_schedule(connection_, blog_id_).drift, 1);
  EXPECT_EQ(value("select count(*) from operation where finished_at is null"), "0");
  config_.verify.repair = true;
  EXPECT_EQ(verify_due()["drifted"], 1);
  run_what_waits();
  EXPECT_EQ(verify_due()["drifted"], 0);
  EXPECT_EQ(publishing::load_reconcile_schedule(connection_, blog_id_).drift, 0);
}

TEST_F(ReconcileScheduleTest, RepairsAPinnedBlogWithoutMovingIt) {
  const auto first = value("select id from operation");
  write("a.md", "# Withdrawn\n");
  push();
  EXPECT_EQ(ending(publish()), "completed");
  queue::ReplayOptions rollback;
  rollback.is_forced = true;
  queue::replay(connection_, base::UploadId::trusted(first), rollback);
  expect_head(live_);
  run_what_waits();
  execute("delete from revision where path = 'b.md'; delete from post where path = 'b.md'");
  config_.verify.repair = true;
  EXPECT_EQ(verify_due()["drifted"], 1);
  run_what_waits();
  EXPECT_EQ(blog().head_commit, live_);
  EXPECT_EQ(blog().pinned_commit, live_);
  EXPECT_EQ(verify_due()["drifted"], 0);
  // Neither does the next comparison with the remote.
  EXPECT_EQ(reconcile_due()["missed"], 0);
}

TEST_F(ReconcileScheduleTest, RecordsNoRepairOfAPausedBlog) {
  execute("delete from revision where path = 'a.md'; delete from post where path = 'a.md'");
  config_.verify.repair = true;
  queue::pause(connection_, blog().resource, "moving (ann@host)");
  EXPECT_EQ(verify_due()["drifted"], 1);
  EXPECT_EQ(value("select count(*) from operation"), "1");
  queue::resume(connection_, blog().resource);
  EXPECT_EQ(verify_due()["drifted"], 1);
  run_what_waits();
  EXPECT_EQ(verify_due()["drifted"], 0);
}

TEST_F(ReconcileScheduleTest, RetriesAFailedVerificationWithinHours) {
  answer(500);
  EXPECT_EQ(verify_due()["verified"], 0);
  EXPECT_EQ(
      value("select verify_at < clock_timestamp() + interval '2 hours' from reconcile_schedule"),
      "t");
}

}  // namespace reconcile_test
}  // namespace devy::reconcile
