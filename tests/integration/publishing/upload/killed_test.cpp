// A worker dies at any point of an upload: another one goes on, and nothing is half done.
#include "core/platform/git/clone.hpp"
#include "core/platform/queue/rescue.hpp"
#include "tests/integration/publishing/upload/victim.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace killed_test {

using testing::block_publish;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

struct Point {
  const char* name;
  const char* step;
  bool is_in_middle;
};

class KilledUpload : public UploadTest {
 protected:
  KilledUpload() {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    for (int i = 0; i < 5; ++i)
      write(std::to_string(i) + ".md", "# Post\n");
    before_ = *push_and_publish().commit;
    for (int i = 0; i < 5; ++i)
      write(std::to_string(i) + ".md", "# Post two\n");
    author_.rename("4.md", "moved.md");
  }

  bool release_lease() {
    return wait_for([&] { return queue::release_dead_workers(connection_) == 1; });
  }

  [[nodiscard]] std::string made_at() const {
    return value("select coalesce((select max(made_at) from changeset where to_commit = '" +
                 after_ + "')::text, '')");
  }

  std::string before_, after_;
};

class UploadOfKilledWorker : public KilledUpload, public ::testing::WithParamInterface<Point> {};

TEST_P(UploadOfKilledWorker, Continues) {
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
  ASSERT_TRUE(release_lease());
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
    AtEachStep, UploadOfKilledWorker,
    ::testing::Values(Point{"Fetch", "fetch", false}, Point{"Fetching", "fetch", true},
                      Point{"Snapshot", "snapshot", false}, Point{"Diff", "diff", false},
                      Point{"Publish", "publish", false}, Point{"Rendering", "publish", true}),
    [](const auto& point) { return std::string(point.param.name); });

TEST_F(KilledUpload, PublishesNothingWhenKilledInTheTransaction) {
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
  ASSERT_TRUE(release_lease());
  EXPECT_EQ(digest(), untouched);
  EXPECT_EQ(ending(run(id)), "completed");
}

TEST_F(KilledUpload, LosesItsLeaseToTheNextWorkerOfTheSameHost) {
  after_ = push();
  auto victim = start_victim({conninfo(), config_.runtime_directory, record(), "diff", false});
  EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(KilledUpload, FailsAsWorkerCrashedAfterThreeKills) {
  after_ = push();
  const auto id = record();
  for (int i = 0; i < 3; ++i) {
    auto victim = start_victim({conninfo(), config_.runtime_directory, id, "publish", false});
    EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
    ASSERT_TRUE(release_lease());
  }
  EXPECT_EQ(ending(load(id)), "failed/worker_crashed");
  git::sweep_abandoned_clones(config_);
  expect_head(before_);
}

}  // namespace killed_test
}  // namespace devy::upload
