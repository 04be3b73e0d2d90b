#include "core/files/storage/disk.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "core/files/storage/staged_file.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::storage {
namespace disk_test {

constexpr const char* instance = "11111111-1111-4111-8111-111111111111";
const Disk::FindNeeded nobody_needs = [](const auto&) { return std::vector<std::string>(); };

class DiskTest : public ::testing::Test {
 protected:
  DiskTest() {
    Disk::prepare(directory_, instance);
    disk_ = std::make_unique<Disk>(directory_, instance);
  }
  Disk::Linked put(const std::string& bytes) {
    auto staged = disk_->stage();
    staged.write(bytes);
    staged.finish();
    return disk_->link(staged, base::sha256(bytes));
  }
  std::string path_of(const std::string& bytes) const {
    const auto hex = base::to_hex(base::sha256(bytes));
    return directory_ + "/objects/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" + hex;
  }
  std::string code_of(const std::string& directory, const std::string& wanted) const {
    try {
      const Disk disk(directory, wanted);
      return "good";
    } catch (const base::Error& error) {
      return error.code();
    }
  }

  devy::testing::TempFolder folder_;
  const std::string directory_ = folder_ / "files";
  std::unique_ptr<Disk> disk_;
};

TEST_F(DiskTest, SharesContentsWithAGroupAndNothingElse) {
  put("before");
  const gid_t group = ::geteuid() == 0 ? 54'321 : ::getegid();
  Disk::share(directory_, group);
  const auto old_mask = ::umask(077);
  put("afterwards");
  ::umask(old_mask);
  const auto mode_of = [&](const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    EXPECT_EQ(facts.st_gid, group) << path;
    return facts.st_mode & 0777U;
  };
  EXPECT_EQ(mode_of(directory_), 0750U);
  EXPECT_EQ(mode_of(directory_ + "/objects"), 0750U);
  EXPECT_EQ(mode_of(directory_ + "/staging"), 0700U);
  for (const char* bytes : {"before", "afterwards"}) {
    const std::filesystem::path path = path_of(bytes);
    EXPECT_EQ(mode_of(path), 0440U);
    EXPECT_EQ(mode_of(path.parent_path()), 0750U);
    EXPECT_EQ(mode_of(path.parent_path().parent_path()), 0750U);
  }
}

TEST_F(DiskTest, KeepsContentsThatNobodyMayChange) {
  EXPECT_EQ(put("hello"), Disk::Linked::now);
  EXPECT_EQ(put("hello"), Disk::Linked::before);
  EXPECT_EQ(devy::testing::read_text(path_of("hello")), "hello");
  struct stat facts {};
  ASSERT_EQ(::stat(path_of("hello").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0440U);
  EXPECT_EQ(size_of(disk_->open(base::sha256("hello")).value()), 5U);
  EXPECT_FALSE(disk_->open(base::sha256("other")));
}

TEST_F(DiskTest, ReplacesAContentOfAnotherSize) {
  static_cast<void>(put("hello"));
  ASSERT_EQ(::unlink(path_of("hello").c_str()), 0);
  devy::testing::write_text(path_of("hello"), "torn");
  EXPECT_EQ(put("hello"), Disk::Linked::replaced);
  EXPECT_EQ(digest_of(disk_->open(base::sha256("hello")).value()), base::sha256("hello"));
}

TEST_F(DiskTest, IsNoOtherDisk) {
  EXPECT_EQ(code_of(directory_, instance), "good");
  EXPECT_EQ(code_of(directory_, "22222222-2222-4222-8222-222222222222"), "storage_foreign");
  std::filesystem::create_directory(folder_ / "unmounted");
  EXPECT_EQ(code_of(folder_ / "unmounted", instance), "storage_foreign");
  EXPECT_THROW(Disk::prepare(directory_, "22222222-2222-4222-8222-222222222222"), base::Error);
  Disk::prepare(directory_, instance);  // once more changes nothing
}

TEST_F(DiskTest, FollowsNoLinkThatSomebodyPlanted) {
  static_cast<void>(put("hello"));
  devy::testing::write_text(folder_ / "secret", "12345");
  ASSERT_EQ(::unlink(path_of("hello").c_str()), 0);
  ASSERT_EQ(::symlink((folder_ / "secret").c_str(), path_of("hello").c_str()), 0);
  EXPECT_FALSE(disk_->open(base::sha256("hello")));
  EXPECT_EQ(put("hello"), Disk::Linked::replaced);
  EXPECT_EQ(devy::testing::read_text(folder_ / "secret"), "12345");
}

TEST_F(DiskTest, DeletesWhatIsNotStored) {
  const auto staging = directory_ + "/staging";
  {
    auto staged = disk_->stage();
    staged.write("hello");
    EXPECT_FALSE(std::filesystem::is_empty(staging));
    EXPECT_EQ(disk_->sweep_staging(nobody_needs), 0U);  // it is held
  }
  EXPECT_TRUE(std::filesystem::is_empty(staging));
  devy::testing::write_text(staging + "/left", "behind");
  EXPECT_EQ(disk_->sweep_staging(nobody_needs), 1U);
  EXPECT_TRUE(std::filesystem::is_empty(staging));
}

TEST_F(DiskTest, ListsWhatIsThere) {
  static_cast<void>(put("hello"));
  devy::testing::write_text(directory_ + "/objects/stray", "x");
  std::vector<std::string> found;
  std::optional<Disk::Found> stray;
  disk_->list([&](const Disk::Found& one) {
    found.push_back(one.sha256 ? base::to_hex(*one.sha256) : one.place);
    if (!one.sha256) stray = one;
  });
  EXPECT_EQ(found,
            (std::vector<std::string>{base::to_hex(base::sha256("hello")), "objects/stray"}));
  disk_->quarantine(stray.value());
  EXPECT_EQ(devy::testing::read_text(directory_ + "/quarantine/objects_stray"), "x");
}

}  // namespace disk_test
}  // namespace devy::storage
