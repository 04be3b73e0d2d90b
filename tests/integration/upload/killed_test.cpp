// A worker dies at any point of an upload: another one goes on, and nothing is half done.
#include "core/queue/rescue.hpp"
#include "core/repository/clone.hpp"
#include "tests/integration/upload/upload_fixture.hpp"
#include "tests/integration/upload/victim.hpp"

namespace devy::upload {
namespace {

struct Point {
  const char* name;
  const char* step;
  bool is_in_middle;
};

class Killed : public UploadTest {
 protected:
  Killed() {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    for (int i = 0; i < 5; ++i)
      write(std::to_string(i) + ".md", "# Post\n");
    before_ = *push_and_publish().commit;
    for (int i = 0; i < 5; ++i)
      write(std::to_string(i) + ".md", "# Post two\n");
    author_.rename("4.md", "moved.md");
  }

  bool take_back() {
    return wait_for([&] { return queue::release_dead_workers(connection_) == 1; });
  }

  [[nodiscard]] std::string made_at() const {
    return value("select coalesce((select max(made_at) from changeset where to_commit = '" +
                 after_ + "')::text, '')");
  }

  std::string before_, after_;
};

class KilledAt : public Killed, public ::testing::WithParamInterface<Point> {};

TEST_P(KilledAt, UploadGoesOn) {
  const auto [name, step, is_in_middle] = GetParam();
  after_ = push();
  const auto id = record();
  const auto untouched = digest();
  auto victim = start_victim({conninfo(), config_.runtime_directory, id, step, is_in_middle});
  EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
  EXPECT_EQ(digest(), untouched);
  EXPECT_EQ(blog().head_commit, before_);
  const auto changeset = made_at();

  // A later push must not change what this upload had found.
  const bool had_found = load(id).commit.has_value();
  write("0.md", "# Post three\n");
  const auto later = push();
  ASSERT_TRUE(take_back());
  const auto upload = run(id);
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(upload.commit, had_found ? after_ : later);
  EXPECT_TRUE(changeset.empty() || made_at() == changeset) << "the stored changeset was not used";
  EXPECT_EQ(rows("select number, outcome from attempt where operation_id = '" + id.text() +
                 "' order by fence"),
            (Lines{"1|rescued", "2|completed"}));
  expect_head(had_found ? after_ : later);
}

INSTANTIATE_TEST_SUITE_P(
    AtEachStep, KilledAt,
    ::testing::Values(Point{"Fetch", "fetch", false}, Point{"Fetching", "fetch", true},
                      Point{"Snapshot", "snapshot", false}, Point{"Diff", "diff", false},
                      Point{"Publish", "publish", false}, Point{"Rendering", "publish", true}),
    [](const auto& point) { return std::string(point.param.name); });

TEST_F(Killed, InTheTransactionLeavesNothingHalf) {
  after_ = push();
  const auto id = record();
  const auto untouched = digest();
  auto locker = pg::Connection::open(conninfo(), config_.database, "locker");
  pg::Transaction lock(locker);
  locker.execute(block_publish);
  auto victim = start_victim({conninfo(), config_.runtime_directory, id, "", false});
  ASSERT_TRUE(wait_for_a_blocked_session());
  victim.kill();
  EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
  lock.rollback();
  ASSERT_TRUE(take_back());
  EXPECT_EQ(digest(), untouched);
  EXPECT_EQ(ending(run(id)), "completed");
}

TEST_F(Killed, NextOneThatRunsHereTakesItsLeaseBack) {
  after_ = push();
  auto victim = start_victim({conninfo(), config_.runtime_directory, record(), "diff", false});
  EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(Killed, ThriceEndsAsWorkerCrashed) {
  after_ = push();
  const auto id = record();
  for (int i = 0; i < 3; ++i) {
    auto victim = start_victim({conninfo(), config_.runtime_directory, id, "publish", false});
    EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
    ASSERT_TRUE(take_back());
  }
  EXPECT_EQ(ending(load(id)), "failed/worker_crashed");
  repository::sweep_abandoned_clones(config_);
  expect_head(before_);
}

}  // namespace
}  // namespace devy::upload
