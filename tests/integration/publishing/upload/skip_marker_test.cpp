// A tip whose author wants nothing run for it: nobody publishes it by himself, and all say so.
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace skip_marker_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

class SkippedTip : public UploadTest {
 protected:
  SkippedTip() {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    write("a.md", "# A\n");
    live_ = push();
    expect_head(live_);
    EXPECT_EQ(ending(publish()), "completed");
    write("b.md", "# B\n");
    marked_ = push("Add b\n\nNot yet. [skip ci]");
    expect_head(live_);
  }
  reconcile::Reconciled reconcile_now() {
    return reconcile::reconcile(connection_, config_, blog(), "test", asker_);
  }
  // As if that commit had been pushed and its delivery taken.
  base::UploadId record_push(const std::string& commit) {
    publishing::UploadRequest request;
    request.source = queue::Source::webhook;
    request.announced_commit = commit;
    return record(request);
  }
  [[nodiscard]] std::optional<std::string> skipped() {
    return publishing::load_reconcile_schedule(connection_, blog_id_).skipped_tip;
  }

  std::string live_, marked_;
};

TEST_F(SkippedTip, IsNotPublishedByReconcileAndAskedForOnce) {
  const auto found = reconcile_now();
  ASSERT_TRUE(found.upload);
  const auto upload = run(*found.upload);
  EXPECT_EQ(ending(upload), "cancelled/skip_marker");
  EXPECT_EQ(upload.commit, marked_);
  EXPECT_EQ(upload.cancelled_by, std::nullopt);
  EXPECT_EQ(upload.cancel_reason, "the message of commit " + marked_ + " has a skip marker");
  EXPECT_EQ(posts(), Lines{"a.md a"});
  EXPECT_EQ(skipped(), marked_);
  const auto again = reconcile_now();
  EXPECT_EQ(again.note, "the tip has a skip marker");
  EXPECT_FALSE(again.is_recorded);
  EXPECT_FALSE(again.is_error);
}

TEST_F(SkippedTip, IsPublishedByTheNextPush) {
  run(*reconcile_now().upload);
  write("c.md", "# C\n");
  const auto tip = push("Add c");
  expect_head(tip);
  EXPECT_EQ(ending(run(record_push(tip))), "completed");
  EXPECT_EQ(posts().size(), 3U);
  EXPECT_EQ(skipped(), std::nullopt);
  EXPECT_EQ(reconcile_now().note, "up to date");
}

TEST_F(SkippedTip, IsPublishedByAnOperator) {
  run(*reconcile_now().upload);
  expect_head(marked_);
  EXPECT_EQ(ending(publish()), "completed");
  EXPECT_EQ(posts().size(), 2U);
  EXPECT_EQ(skipped(), std::nullopt);
  EXPECT_EQ(reconcile_now().note, "up to date");
}

TEST_F(SkippedTip, LeavesAnEarlierPushItsCommit) {
  author_.reset_to(live_);
  write("c.md", "# C\n");
  const auto pushed = push("Add c");
  const auto id = record_push(pushed);
  write("d.md", "# D\n");
  const auto tip = push("[ci skip] Add d");
  expect_head(pushed);
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(posts(), (Lines{"a.md a", "c.md c"}));
  EXPECT_EQ(skipped(), tip);
  EXPECT_EQ(reconcile_now().note, "the tip has a skip marker");
}

TEST_F(SkippedTip, EndsAPushWhoseCommitIsGone) {
  const auto id = record_push(std::string(40, 'a'));
  EXPECT_EQ(ending(run(id)), "cancelled/skip_marker");
  EXPECT_EQ(posts(), Lines{"a.md a"});
}

TEST_F(SkippedTip, IsForgottenWhenTheBranchMovesOn) {
  run(*reconcile_now().upload);
  write("c.md", "# C\n");
  const auto tip = push("Add c");
  expect_head(tip);
  const auto found = reconcile_now();
  EXPECT_EQ(found.note, "upload recorded");
  EXPECT_EQ(ending(run(*found.upload)), "completed");
  EXPECT_EQ(posts().size(), 3U);
}

TEST_F(SkippedTip, WaitsWhereNothingWasPublishedYet) {
  execute("update blog set head_commit = null, head_origin = null");
  const auto found = reconcile_now();
  EXPECT_EQ(ending(run(*found.upload)), "cancelled/skip_marker");
  EXPECT_EQ(reconcile_now().note, "the tip has a skip marker");
  execute("update blog set head_commit = '" + live_ + "'");
}

}  // namespace skip_marker_test
}  // namespace devy::upload
