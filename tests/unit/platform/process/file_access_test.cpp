// Children of this test program that gave up files, and what they can open afterwards.
#include "core/platform/process/file_access.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>

#include "core/platform/process/child.hpp"
#include "core/platform/process/confinement.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::process {
namespace file_access_test {

constexpr std::size_t bytes_max = 4096;

std::string opened(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  const auto result = descriptor < 0 ? std::string(strerror(errno)) : "open";
  if (descriptor >= 0) ::close(descriptor);
  return result;
}

std::map<std::string, std::string> open_all(const std::string& folder) {
  return {{"secret", opened(folder + "/secret", O_RDONLY)},
          {"its folder", opened(folder, O_RDONLY | O_DIRECTORY)},
          {"readable", opened(folder + "/readable/file", O_RDONLY)},
          {"written to readable", opened(folder + "/readable/file", O_WRONLY)},
          {"written", opened(folder + "/writable/new", O_WRONLY | O_CREAT)},
          {"single", opened(folder + "/single", O_RDONLY)},
          {"beside", opened(folder + "/beside", O_WRONLY | O_CREAT)},
          {"a program", opened("/usr/bin/env", O_RDONLY)}};
}

int tell(Parent& parent, const std::string& folder) {
  for (const auto& [name, result] : open_all(folder))
    parent.send(name + "=" + result);
  return 0;
}

const bool is_registered = [] {
  register_role("opens_restricted", [](Parent& parent) {
    const auto folder = *parent.receive(bytes_max);
    auto readable = files_of_programs();
    for (const auto* name : {"/readable", "/single", "/absent"})
      readable.push_back(folder + name);
    const auto why =
        restrict_files({.readable = std::move(readable), .writable = {folder + "/writable"}});
    return why.empty() ? tell(parent, folder) : 1;
  });
  register_role(
      "opens_computing", [](Parent& parent) { return tell(parent, *parent.receive(bytes_max)); },
      Confinement::computes);
  return true;
}();

class FileAccessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!can_restrict_files()) GTEST_SKIP() << "this kernel or build has no Landlock";
    for (const auto* folder : {"readable", "writable"})
      std::filesystem::create_directory(folder_ / folder);
    for (const auto* file : {"secret", "single", "readable/file"})
      devy::testing::write_text(folder_ / file, "x");
  }
  [[nodiscard]] std::map<std::string, std::string> opened_by(const std::string& role) const {
    auto child = Child::spawn(role, {});
    EXPECT_TRUE(child.send(folder_.path()));
    std::map<std::string, std::string> results;
    std::string frame;
    while (child.receive(frame, bytes_max, std::chrono::seconds(20)) == ReadResult::data) {
      const auto end = frame.find('=');
      results[frame.substr(0, end)] = frame.substr(end + 1);
    }
    EXPECT_EQ(child.wait(), "exit status 0");
    return results;
  }

  devy::testing::TempFolder folder_;
};

TEST_F(FileAccessTest, LeavesNothingButWhatIsNamed) {
  const auto results = opened_by("opens_restricted");
  EXPECT_EQ(results,
            (std::map<std::string, std::string>{{"secret", "Permission denied"},
                                                {"its folder", "Permission denied"},
                                                {"readable", "open"},
                                                {"written to readable", "Permission denied"},
                                                {"written", "open"},
                                                {"single", "open"},
                                                {"beside", "Permission denied"},
                                                {"a program", "open"}}));
}

TEST_F(FileAccessTest, ClosesTheServicesFilesToARenderingProcess) {
  const auto results = opened_by("opens_computing");
  EXPECT_EQ(results.at("secret"), "Permission denied");
  EXPECT_EQ(results.at("readable"), "Permission denied");
  EXPECT_EQ(results.at("a program"), "open");
}

}  // namespace file_access_test
}  // namespace devy::process
