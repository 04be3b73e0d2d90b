// What would empty a blog waits for a person, or fails.
#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace guard_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class Guard : public UploadTest {
 protected:
  void publish_posts(int count) {
    for (int i = 0; i < count; ++i)
      write(name_of(i), "# Post " + std::to_string(i) + "\n");
    published_ = *push_and_publish().commit;
  }

  void remove(int count) {
    for (int i = 0; i < count; ++i)
      author_.remove_file(name_of(i));
    push();
  }

  static std::string name_of(int number) { return "post-" + std::to_string(number) + ".md"; }

  std::string published_;
};

TEST_F(Guard, HoldsAboveHalfAndTenDeletions) {
  publish_posts(18);
  remove(10);
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "held/mass_delete");
  EXPECT_EQ(*upload.error_text,
            "unable to publish 'alice/blog' unasked: it would delete 10 of 18 posts, more than "
            "50 %");
  EXPECT_EQ(changes_text(upload), "0 0 0 10 8 0");
  expect_head(published_);
}

TEST_F(Guard, LetsNineDeletionsPass) {
  publish_posts(10);
  remove(9);
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(Guard, LetsHalfOfThemPass) {
  publish_posts(20);
  remove(10);
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(Guard, AppliesTheAuthorsLimit) {
  write("devy.toml", "max_delete_percent = 90\n");
  publish_posts(18);
  remove(12);
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(Guard, PublishesAnApprovedUpload) {
  publish_posts(12);
  remove(11);
  const auto held = publish();
  queue::approve(connection_, held.id, "operator", "it is meant");
  EXPECT_EQ(ending(run(held.id)), "completed");
  EXPECT_EQ(posts(), Lines{"post-11.md post-11"});
}

TEST_F(Guard, ChangesNothingWhenAHeldUploadIsCancelled) {
  publish_posts(12);
  remove(11);
  const auto held = publish();
  EXPECT_EQ(queue::cancel(connection_, held.id, false, "no"), queue::State::cancelled);
  expect_head(published_);
  EXPECT_EQ(value("select count(*) from post"), "12");
}

TEST_F(Guard, LetsANewerPushSupersedeAHeldUpload) {
  publish_posts(12);
  remove(11);
  const auto held = publish();
  author_.reset_to(published_);
  write("new.md", "# New\n");
  push();
  const auto newer = publish();
  EXPECT_EQ(ending(newer), "completed");
  EXPECT_EQ(load(held.id).cancelled_by, newer.id.text());
}

TEST_F(Guard, KeepsAHeldUploadWhenPolled) {
  publish_posts(12);
  remove(11);
  const auto held = publish();
  publishing::UploadRequest poll;
  poll.announced_commit = held.commit;
  EXPECT_EQ(load(record(poll)).duplicate_of, held.id.text());
  EXPECT_EQ(load(held.id).state, queue::State::held);
  expect_head(published_);
}

TEST_F(Guard, HoldsATreeWithoutPosts) {
  publish_posts(1);
  author_.remove_file(name_of(0));
  write("image.png", "pixels");
  push();
  EXPECT_EQ(ending(publish()), "held/mass_delete");
  expect_head(published_);
}

TEST_F(Guard, HoldsATreeOfBrokenFilesOnly) {
  publish_posts(1);
  author_.remove_file(name_of(0));
  write("bad.md", "---\ntitle: [\n---\nquite another text\n");
  push();
  const auto held = publish();
  EXPECT_EQ(ending(held), "held/mass_delete");
  EXPECT_EQ(value("select count(*) from post"), "1");
  queue::approve(connection_, held.id, "operator", "it is meant");
  EXPECT_EQ(ending(run(held.id)), "completed");
}

TEST_F(Guard, HoldsOrFailsAnEmptyCommit) {
  publish_posts(2);
  author_.commit_tree(author_.make_tree(""));
  author_.force_push(bare());
  EXPECT_EQ(ending(publish()), "held/mass_delete");
  expect_head(published_);
}

TEST_F(Guard, LeavesTheBlogWhenTheBranchIsGone) {
  publish_posts(2);
  author_.new_branch("other");
  author_.push(bare());
  testing::git({"-C", bare(), "update-ref", "-d", "refs/heads/main"});
  EXPECT_EQ(ending(publish()), "failed/branch_gone");
  expect_head(published_);
}

TEST_F(Guard, FailsAnEmptyRepository) {
  EXPECT_EQ(ending(publish()), "failed/repository_empty");
  expect_head("");
}

}  // namespace guard_test
}  // namespace devy::upload
