// The configuration that nobody named, in folders and of owners of every kind.
#include "core/platform/config/usual_file.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "core/platform/base/error.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::config {
namespace usual_file_test {

constexpr const char* name = "devy-upload.toml";

class UsualFileTest : public ::testing::Test {
 protected:
  UsualFileTest() {
    ::unsetenv("DEVY_CONFIG");
    devy::testing::write_text(folder_ / name, "[queue]\nmax_attempts = 7\n");
    ::chmod((folder_ / name).c_str(), 0644);
    std::filesystem::current_path(folder_.path());
  }
  ~UsualFileTest() override { std::filesystem::current_path(before_); }

  static std::string refusal() {
    try {
      static_cast<void>(load({}));
      return "none";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "config_foreign");
      EXPECT_NE(error.hint().find("--config"), std::string::npos);
      return error.text();
    }
  }
  static bool is_read(const std::optional<DistrustedFolder>& distrusted = {}) {
    return load({}, distrusted).file == name;
  }

  const std::filesystem::path before_ = std::filesystem::current_path();
  devy::testing::TempFolder folder_;
};

TEST_F(UsualFileTest, IsReadWhereItIsTheCallers) {
  const auto loaded = load({});
  EXPECT_EQ(loaded.file, name);
  EXPECT_EQ(loaded.config.queue.max_attempts, 7U);
}

TEST_F(UsualFileTest, IsRefusedWhereOthersCanWriteIt) {
  for (const mode_t mode : {0664U, 0646U}) {
    ::chmod((folder_ / name).c_str(), mode);
    EXPECT_EQ(refusal(), "unable to use configuration 'devy-upload.toml': others can write it");
  }
}

TEST_F(UsualFileTest, IsRefusedWhereOthersCanReplaceIt) {
  ::chmod(folder_.path().c_str(), 0777);
  EXPECT_EQ(refusal(),
            "unable to use configuration 'devy-upload.toml': others can write its folder");
  ::chmod(folder_.path().c_str(), 01777);
  EXPECT_TRUE(is_read()) << "in a sticky folder nobody can replace another's file";
}

TEST_F(UsualFileTest, IsRefusedWhereItIsAnothersOwn) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown((folder_ / name).c_str(), 12'345, 12'345), 0);
  EXPECT_EQ(refusal(), "unable to use configuration 'devy-upload.toml': it belongs to user 12345");
  ASSERT_EQ(::chown((folder_ / name).c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.path().c_str(), 12'345, 12'345), 0);
  EXPECT_EQ(refusal(),
            "unable to use configuration 'devy-upload.toml': its folder belongs to user 12345");
  ASSERT_EQ(::chown(folder_.path().c_str(), 0, 0), 0);
}

TEST_F(UsualFileTest, IsRefusedAsALink) {
  std::filesystem::rename(name, "other.toml");
  std::filesystem::create_symlink("other.toml", name);
  EXPECT_EQ(refusal(), "unable to use configuration 'devy-upload.toml': it is a symbolic link");
}

// Its owner cloned it, and somebody else wrote it.
TEST_F(UsualFileTest, IsRefusedInAWorkingTree) {
  std::filesystem::create_directories("posts/drafts");
  std::filesystem::rename(name, folder_ / "posts/drafts/devy-upload.toml");
  std::filesystem::create_directory(".git");
  std::filesystem::current_path(folder_ / "posts/drafts");
  EXPECT_EQ(refusal(),
            "unable to use configuration 'devy-upload.toml': it is in a working tree of Git, so "
            "others may have written it");
}

TEST_F(UsualFileTest, IsNotReadInADistrustedFolder) {
  std::filesystem::create_directories("sub/folder");
  std::filesystem::copy(name, folder_ / "sub/folder/devy-upload.toml");
  ::chmod(name, 0666);  // not even looked at
  EXPECT_FALSE(is_read(DistrustedFolder{"."}));
  std::filesystem::current_path(folder_ / "sub/folder");
  EXPECT_FALSE(is_read(DistrustedFolder{"."}));
  EXPECT_FALSE(is_read(DistrustedFolder{".."}));
  EXPECT_FALSE(is_read(DistrustedFolder{folder_.path()}));
  std::filesystem::create_directory("inside");
  EXPECT_TRUE(is_read(DistrustedFolder{"inside"}));
  EXPECT_TRUE(is_read(DistrustedFolder{"absent"}));
}

TEST_F(UsualFileTest, IsObeyedWithAWarningWhenItIsNamed) {
  ::chmod(name, 0666);
  const auto loaded = load(name);
  EXPECT_EQ(loaded.config.queue.max_attempts, 7U);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_TRUE(loaded.problems[0].is_warning);
  EXPECT_EQ(loaded.problems[0].message, "others can write it");
}

// The other usual place is given to this test by a folder that lies over /etc, in a child of its
// own.
TEST_F(UsualFileTest, NamesTheOneThatItHides) {
  if (::geteuid() != 0) GTEST_SKIP() << "wants root";
  EXPECT_FALSE(load({}).shadowed);
  std::filesystem::create_directories(folder_ / "etc/devy");
  devy::testing::write_text(folder_ / "etc/devy/devy-upload.toml", "[queue]\nmax_attempts = 3\n");
  const auto layers = "lowerdir=" + (folder_ / "etc") + ":/etc";
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", "", MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", "/etc", "overlay", MS_RDONLY, layers.c_str()) != 0)
      ::_exit(2);
    const auto loaded = load({});
    ::_exit(loaded.file == name && loaded.shadowed == "/etc/devy/devy-upload.toml" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "no folder may be laid over /etc here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace usual_file_test
}  // namespace devy::config
