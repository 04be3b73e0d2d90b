// F54: whoever stores a file is killed between every two of its steps. Rows and bytes are equal
// afterwards, but for bytes that no row knows yet; the same upload again takes these over.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/faults/daemon/killed_file_fixture.hpp"

namespace devy::testing {
namespace file_kill_points_test {

class KilledFileUpload : public KilledFileFixture {
 protected:
  // An upload of two files whose bytes nobody has yet.
  [[nodiscard]] std::vector<std::string> new_upload() {
    ++uploads_;
    std::vector<std::string> arguments{"file", "add", "--owner", "alice"};
    for (const char* name : {"one", "two"}) {
      arguments.push_back(folder_ / (name + std::to_string(uploads_)));
      write_text(arguments.back(), arguments.back());
    }
    return arguments;
  }

  int uploads_ = 0;
};

TEST_F(KilledFileUpload, LosesNothingAndSucceedsTheSecondTime) {
  // The second pass of a point is that of the second file.
  for (const std::string fault :
       {"file_staged:1", "file_staged:2", "file_sync:2", "file_digested:1", "file_rows:1",
        "file_content_held:1", "file_content_held:2", "file_linked:1", "file_linked:2",
        "file_folder_synced:2", "file_before_commit:1", "file_committed:1"}) {
    SCOPED_TRACE(fault);
    const auto upload = new_upload();
    const auto before = database_.number("select count(*) from devy.file");
    const auto killed = run(upload, fault + "=kill");
    EXPECT_EQ(killed.status, 128 + SIGKILL) << killed.err;
    const auto found = run({"file", "verify", "--all", "--content"}).out;
    for (const char* finding : {"missing", "different", "quota"})
      EXPECT_EQ(found.find(finding), std::string::npos) << found;
    // All of the batch, or nothing.
    EXPECT_EQ(database_.number("select count(*) from devy.file") - before,
              fault == "file_committed:1" ? 2 : 0);
    const auto done = run(upload);
    EXPECT_EQ(done.status, 0) << done.err;
    EXPECT_EQ(database_.number("select count(*) from devy.file") - before, 2);
  }
  // What was linked for nobody has its row now.
  const auto found = run({"file", "verify", "--all", "--content"}).out;
  for (const char* finding : {"missing", "different", "quota", "extra"})
    EXPECT_EQ(found.find(finding), std::string::npos) << found;
}

}  // namespace file_kill_points_test
}  // namespace devy::testing
