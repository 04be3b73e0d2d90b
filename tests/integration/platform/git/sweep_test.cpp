// Folders of processes that were killed. The process here is a child of this test program.
#include <atomic>
#include <filesystem>
#include <latch>
#include <thread>
#include <vector>

#include "core/platform/git/private_folder.hpp"
#include "core/platform/process/child.hpp"
#include "tests/integration/platform/git/fixture.hpp"

namespace devy::git {
namespace sweep_test {

// Holds a folder below the one it is told until it is killed.
int hold_folder(process::Parent& parent) {
  config::Config config;
  config.runtime_directory = parent.receive(4096).value();
  const auto folder = PrivateFolder::create(config);
  testing::write_text(folder.path() + "/pack/tmp_pack_1", "half a pack");
  parent.send(folder.path());
  static_cast<void>(parent.receive(4096));
  return 0;
}

const bool registered = [] {
  process::register_role("hold_folder", hold_folder);
  return true;
}();

class Sweep : public FetchTest {};

TEST_F(Sweep, RemovesOnlyWhatAKilledProcessLeft) {
  publish();
  const auto mine = fetch();
  auto child = process::Child::spawn("hold_folder", {});
  ASSERT_TRUE(child.send(config_.runtime_directory));
  std::string folder;
  ASSERT_EQ(child.receive(folder, 4096, std::chrono::seconds(20)), process::ReadResult::data);
  EXPECT_EQ(sweep_abandoned_clones(config_), 0U);
  child.kill();
  EXPECT_EQ(child.wait(), "killed by signal 9 (Killed)");
  EXPECT_TRUE(std::filesystem::exists(folder));

  EXPECT_EQ(sweep_abandoned_clones(config_), 1U);
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(clone_folders().size(), 1U);
  EXPECT_EQ(mine.read_file("posts/hello.md", 100), "# Hello\n");
}

TEST_F(Sweep, RemovesAFolderWithoutANameAfterAMinute) {
  namespace fs = std::filesystem;
  const auto young = folder_ / "run/devy-upload.new-aaaaaa",
             old = folder_ / "run/devy-upload.new-bbbbbb";
  const auto now = fs::file_time_type::clock::now();
  for (const auto& path : {young, old})
    fs::create_directories(path);
  fs::last_write_time(young, now - std::chrono::seconds(30));
  fs::last_write_time(old, now - std::chrono::seconds(62));
  EXPECT_EQ(sweep_abandoned_clones(config_), 1U);
  EXPECT_TRUE(fs::exists(young));
  EXPECT_FALSE(fs::exists(old));
}

TEST_F(Sweep, CountsEachOnceHoweverManySweepAtOnce) {
  constexpr std::size_t folders = 500, sweeps = 4;
  for (std::size_t n = 0; n < folders; ++n)
    testing::write_text(
        folder_ / ("run/devy-upload.clone-" + std::to_string(100'000 + n) + "/pack"), "x");
  std::atomic<std::size_t> removed{0};
  {
    std::latch all_here(sweeps);
    std::vector<std::jthread> sweepers;
    for (std::size_t n = 0; n < sweeps; ++n)
      sweepers.emplace_back([&] {
        all_here.arrive_and_wait();
        removed += sweep_abandoned_clones(config_);
      });
  }
  EXPECT_EQ(removed, folders);
  EXPECT_EQ(clone_folders().size(), 0U);
}

TEST_F(Sweep, LeavesWhatIsNotOurs) {
  testing::write_text(folder_ / "run/somebody/else", "x");
  std::filesystem::create_directory_symlink("/etc", folder_ / "run/devy-upload.clone-abcdef");
  EXPECT_EQ(sweep_abandoned_clones(config_), 0U);
  EXPECT_TRUE(std::filesystem::exists("/etc/passwd"));
  EXPECT_EQ(clone_folders().size(), 2U);
}

TEST_F(Sweep, KeepsAMovedPrivateFolderUntilItsOwnerIsGone) {
  auto first = PrivateFolder::create(config_);
  const auto path = first.path();
  EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
  {
    const auto second = std::move(first);
    EXPECT_EQ(second.path(), path);
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Sweep, ReportsAMissingRuntimeDirectory) {
  publish();
  config_.runtime_directory = folder_ / "none";
  EXPECT_EQ(error_of().code(), "runtime_directory");
  EXPECT_EQ(sweep_abandoned_clones(config_), 0U);
}

}  // namespace sweep_test
}  // namespace devy::git
