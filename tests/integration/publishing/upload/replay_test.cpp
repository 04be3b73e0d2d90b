// The same again, and an older one on purpose.
#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace replay_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

class Replay : public UploadTest {
 protected:
  Replay() {
    server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
    write("a.md", "# A one\n");
    write("b.md", "# B\n");
  }

  publishing::Upload replay(const base::UploadId& id, bool is_forced = false) {
    queue::ReplayOptions options;
    options.is_forced = is_forced;
    options.requested_by = "test";
    queue::replay(connection_, id, options);
    return run(id);
  }

  // Two uploads; the first one's id.
  base::UploadId publish_two() {
    const auto first = push_and_publish();
    first_commit_ = *first.commit;
    write("a.md", "# A two\n");
    push_and_publish();
    return first.id;
  }

  std::string first_commit_;
};

TEST_F(Replay, ChangesNothingWhenDoneTwice) {
  const auto upload = push_and_publish();
  const auto before = digest();
  EXPECT_EQ(ending(replay(upload.id)), "completed");
  EXPECT_EQ(ending(replay(upload.id)), "completed");
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(load(upload.id).replay_count, 2);
}

TEST_F(Replay, RepairsAPostThatWasChanged) {
  const auto upload = push_and_publish();
  for (int i = 0; i < 3; ++i) {
    execute("delete from post where path = 'a.md'");
    execute("update post set blob = repeat('0', 40) where path = 'b.md'");
    execute("delete from revision");
    EXPECT_EQ(ending(replay(upload.id)), "completed");
    EXPECT_EQ(posts(), (Lines{"a.md a", "b.md b"})) << "replay " << i;
  }
  // The history of what was tampered with has gone.
  execute("delete from revision");
  execute(
      "insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit)"
      " select id, n, blog_id, 'updated', path, slug, title, blob, commit"
      " from post, generate_series(1, version) n");
}

TEST_F(Replay, RefusesAnOlderUploadAndLeavesItsRecord) {
  const auto first = publish_two();
  const auto before = rows("select o::text from operation o order by arrival");
  try {
    queue::replay(connection_, first, {});
    ADD_FAILURE() << "replayed";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "newer_upload");
  }
  EXPECT_EQ(rows("select o::text from operation o order by arrival"), before);
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A two");
}

TEST_F(Replay, RollsBackAndPinsWhenForced) {
  const auto first = publish_two();
  EXPECT_EQ(ending(replay(first, true)), "completed");
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A one");
  EXPECT_EQ(blog().pinned_commit, first_commit_);
  EXPECT_EQ(reconcile::reconcile(connection_, config_, blog(), "test", asker_).note, "pinned");
  expect_head(first_commit_);
}

TEST_F(Replay, UnpinsWithTheNextPush) {
  const auto first = publish_two();
  replay(first, true);
  write("a.md", "# A three\n");
  push_and_publish();
  EXPECT_EQ(blog().pinned_commit, std::nullopt);
  EXPECT_EQ(value("select title from post where path = 'a.md'"), "A three");
}

TEST_F(Replay, CompletesAFailedUploadOnceTheCauseIsGone) {
  write("devy.toml", "root = [\n");
  push();
  const auto failed = publish();
  EXPECT_EQ(ending(failed), "failed/settings_broken");
  expect_head("");
  write("devy.toml", "");
  push();
  queue::ReplayOptions options;
  options.is_from_start = true;
  queue::replay(connection_, failed.id, options);
  EXPECT_EQ(ending(run(failed.id)), "completed");
}

}  // namespace replay_test
}  // namespace devy::upload
