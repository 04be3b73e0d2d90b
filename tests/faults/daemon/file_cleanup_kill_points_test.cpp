// F54: the clean-up is killed between every two of its steps. Rows, bytes and sums are equal
// afterwards, and the next one ends what it began.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace file_cleanup_kill_points_test {

class KilledFileCleanup : public ::testing::Test {
 protected:
  KilledFileCleanup() {
    write_text(folder_ / "devy-upload.toml", "[files]\nenabled = true\ndirectory = \"" +
                                                 (folder_ / "files") +
                                                 "\"\nfree_bytes_min = \"0B\"\n");
    EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
    EXPECT_EQ(run({"file", "init"}).status, 0);
    for (const char* name : {"kept", "one", "two"})
      write_text(folder_ / name, name);
    EXPECT_EQ(run({"file", "add", folder_ / "kept", "--owner", "alice"}).status, 0);
  }

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments,
                                  const std::string& fault = {}) const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.arguments.insert(call.arguments.end(),
                          {"--config", folder_ / "devy-upload.toml", "--db", database_.conninfo()});
    if (!fault.empty()) call.environment["DEVY_FAULT"] = fault;
    return run_program(call);
  }
  // Two files, deleted so long ago that they go now.
  void add_and_delete() {
    EXPECT_EQ(run({"file", "add", folder_ / "one", folder_ / "two", "--owner", "alice"}).status, 0);
    database_.execute(
        "select devy.file_delete(id, null, 'test') from devy.file where name <> 'kept';"
        "update devy.file set deleted_at = now() - interval '25 hours' where state = 'deleted'");
  }

  TempFolder folder_;
  TestDatabase database_;
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
