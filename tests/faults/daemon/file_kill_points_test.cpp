// F54: whoever stores a file is killed between every two of its steps. Rows and bytes are equal
// afterwards, but for bytes that no row knows yet; the same upload again takes these over.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace file_kill_points_test {

// The parameter is a fault point.
class KilledFileUpload : public ::testing::TestWithParam<const char*> {
 protected:
  KilledFileUpload() {
    write_text(folder_ / "devy-upload.toml", "[files]\nenabled = true\ndirectory = \"" +
                                                 (folder_ / "files") +
                                                 "\"\nfree_bytes_min = \"0B\"\n");
    write_text(folder_ / "one", "hello");
    write_text(folder_ / "two", std::string(100'000, 'x'));
    EXPECT_EQ(run({"account", "add", "alice"}).status, 0);
    EXPECT_EQ(run({"file", "init"}).status, 0);
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
  // "missing" and "different" are what must never be; the end of the lines of `file verify`.
  [[nodiscard]] std::string findings() const {
    return run({"file", "verify", "--all", "--content"}).out;
  }

  TempFolder folder_;
  TestDatabase database_;
};

TEST_P(KilledFileUpload, LosesNothingAndSucceedsTheSecondTime) {
  const std::vector<std::string> upload{"file",          "add",     folder_ / "one",
                                        folder_ / "two", "--owner", "alice"};
  // The second pass, where there is one, is that of the second file.
  for (const auto* pass : {":1", ":2"}) {
    const auto killed = run(upload, GetParam() + std::string(pass) + "=kill");
    if (killed.status == 0) continue;
    EXPECT_EQ(killed.status, 128 + SIGKILL) << killed.err;
    const auto found = findings();
    EXPECT_EQ(found.find("missing"), std::string::npos) << found;
    EXPECT_EQ(found.find("different"), std::string::npos) << found;
    EXPECT_EQ(found.find("quota"), std::string::npos) << found;
    // All of the batch, or nothing.
    const auto files = database_.scalar("select count(*) from devy.file");
    EXPECT_TRUE(files == "0" || files == "2") << files;
  }
  const auto done = run(upload);
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(database_.scalar("select count(*) from devy.file"), "2");
  const auto found = findings();
  EXPECT_EQ(found.find("extra"), std::string::npos) << found;
  EXPECT_EQ(found.find("missing"), std::string::npos) << found;
}

INSTANTIATE_TEST_SUITE_P(At, KilledFileUpload,
                         ::testing::Values("file_staged", "file_sync", "file_digested", "file_rows",
                                           "file_content_held", "file_linked", "file_folder_synced",
                                           "file_before_commit", "file_committed"));

}  // namespace file_kill_points_test
}  // namespace devy::testing
