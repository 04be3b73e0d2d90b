// F54: the disk of files is full. What does not fit is refused, and nothing of it stays.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "core/files/receive/upload_writer.hpp"
#include "core/files/store/receive_store.hpp"
#include "core/platform/base/error.hpp"
#include "tests/faults/daemon/small_disk.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/process/program.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::testing {
namespace file_disk_test {

constexpr std::uint64_t small_disk_bytes = 8ULL << 20U;

class FileUpload : public ::testing::Test {
 protected:
  void SetUp() override {
    // The folder of the mount is made by whoever mounts.
    try {
      disk_.emplace(folder_ / "disk", small_disk_bytes);
    } catch (const std::runtime_error& error) {
      GTEST_SKIP() << "not runnable here: " << error.what();
    }
    write_text(folder_ / "devy-upload.toml", "[files]\nenabled = true\ndirectory = \"" +
                                                 (folder_ / "disk/files") +
                                                 "\"\nfree_bytes_min = \"0B\"\n");
    ASSERT_EQ(run({"account", "add", "alice"}).status, 0);
    ASSERT_EQ(run({"file", "init"}).status, 0);
  }

  [[nodiscard]] ProgramResult run(std::vector<std::string> arguments) const {
    ProgramCall call;
    call.arguments = std::move(arguments);
    call.arguments.insert(call.arguments.end(),
                          {"--config", folder_ / "devy-upload.toml", "--db", database_.conninfo()});
    return run_program(call);
  }

  TempFolder folder_;
  TestDatabase database_;
  std::optional<SmallDisk> disk_;
};

TEST_F(FileUpload, LeavesNothingOnAFullDisk) {
  write_text(folder_ / "small", "hello");
  write_text(folder_ / "large", std::string(2 * small_disk_bytes, 'x'));
  const auto refused =
      run({"file", "add", folder_ / "small", folder_ / "large", "--owner", "alice"});
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.err.find("No space left on device"), std::string::npos) << refused.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "disk/files/staging"));
  EXPECT_EQ(database_.number("select count(*) from devy.file"), 0);
  EXPECT_EQ(run({"file", "verify", "--all", "--content"}).status, 0);
  EXPECT_EQ(run({"file", "add", folder_ / "small", "--owner", "alice"}).status, 0);
  EXPECT_EQ(run({"file", "verify", "--all", "--content"}).status, 0);
}

TEST_F(FileUpload, GoesOnFromItsCheckpointWhenTheDiskIsFullNoMore) {
  config::Files settings;
  settings.enabled = true;
  settings.directory = folder_ / "disk/files";
  settings.free_bytes_min = 0;
  auto connection = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
  receive::Depot depot(settings);
  receive::Uploads uploads(
      settings, depot, [&](const auto& work) { work(connection); }, [](const auto&) {});
  constexpr std::int64_t part = 1 << 20;
  const auto name = uploads
                        .create(connection, {.owner = files::find_owner(connection, {7, "", "bob"}),
                                             .name = "a",
                                             .declared_type = {},
                                             .metadata_json = "{}",
                                             .metadata_sent = {},
                                             .length = 3 * part,
                                             .is_temporary = false,
                                             .token = {}})
                        .name;
  const std::string bytes(static_cast<std::size_t>(part), 'x');
  const auto send = [&](std::int64_t offset) {
    const auto writer =
        std::make_shared<receive::UploadWriter>(uploads, receive::Part{name, offset, part, {}, {}});
    writer->write(bytes);
    writer->end();
  };
  send(0);
  disk_->fill(static_cast<std::uint64_t>(part) / 2);
  // The refusal of what has no room, or of what finds none while it is written.
  EXPECT_THROW(send(part), base::Error);
  EXPECT_EQ(uploads.look(name).received, part);
  disk_->empty();
  send(part);
  send(2 * part);
  EXPECT_EQ(uploads.look(name).outcome, "complete");
  EXPECT_EQ(run({"file", "verify", "--all", "--content"}).status, 0);
}

TEST_F(FileUpload, IsRefusedWhereTheDiskIsNotMounted) {
  write_text(folder_ / "small", "hello");
  ASSERT_EQ(run({"file", "add", folder_ / "small", "--owner", "alice"}).status, 0);
  disk_.reset();
  std::filesystem::create_directories(folder_ / "disk/files");
  const auto refused = run({"file", "add", folder_ / "small", "--owner", "alice"});
  EXPECT_NE(refused.err.find("it is no storage"), std::string::npos) << refused.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "disk/files"));
}

}  // namespace file_disk_test
}  // namespace devy::testing
