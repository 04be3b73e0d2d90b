// F54: the clean-up is killed between every two of its steps. Rows, bytes and sums are equal
// afterwards, and the next one ends what it began.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/faults/daemon/killed_file_fixture.hpp"

namespace devy::testing {
namespace file_cleanup_kill_points_test {

class KilledFileCleanup : public KilledFileFixture {
 protected:
  KilledFileCleanup() {
    for (const char* name : {"kept", "one", "two"})
      write_text(folder_ / name, name);
    EXPECT_EQ(run({"file", "add", folder_ / "kept", "--owner", "alice"}).status, 0);
  }

  // Two files, deleted so long ago that they go now.
  void add_and_delete() {
    EXPECT_EQ(run({"file", "add", folder_ / "one", folder_ / "two", "--owner", "alice"}).status, 0);
    database_.execute(
        "select devy.file_delete(id, null, 'test') from devy.file where name <> 'kept';"
        "update devy.file set deleted_at = now() - interval '25 hours' where state = 'deleted'");
  }
};

TEST_F(KilledFileCleanup, LosesNothingAndIsEndedByTheNext) {
  // The fourth and fifth mark are those of deleted files and of contents.
  for (const std::string fault :
       {"file_cleanup_marked:4", "file_cleanup_marked:5", "file_content_row_deleted:1",
        "file_content_row_deleted:2", "file_content_unlinked:1", "file_content_unlinked:2",
        "file_cleanup_before_commit:1", "file_cleanup_committed:1"}) {
    SCOPED_TRACE(fault);
    add_and_delete();
    const auto killed = run({"file", "cleanup", "--here"}, fault + "=kill");
    EXPECT_EQ(killed.status, 128 + SIGKILL) << killed.err;
    const auto between = run({"file", "verify", "--all", "--content"});
    EXPECT_EQ(between.status, 0) << between.out;
    const auto done = run({"file", "cleanup", "--here"});
    EXPECT_EQ(done.status, 0) << done.out << done.err;
    EXPECT_EQ(database_.number("select count(*) from devy.content"), 1);
  }
  const auto after = run({"file", "verify", "--all", "--content"});
  EXPECT_EQ(after.status, 0) << after.out;
}

}  // namespace file_cleanup_kill_points_test
}  // namespace devy::testing
