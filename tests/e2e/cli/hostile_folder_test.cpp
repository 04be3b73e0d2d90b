#include <sys/stat.h>

#include <filesystem>

#include "tests/e2e/cli/blog_fixture.hpp"

// An operator in the clone of an author who committed a configuration: it is never obeyed.

namespace devy::testing {
namespace hostile_folder_test {

class HostileFolder : public BlogFixture {
 protected:
  HostileFolder() {
    author_.write_file("hello.md", "# Hello\n");
    // Everything in it would be noticed: the limit by `check`, the address by `doctor`.
    author_.write_file("devy-upload.toml",
                       "[git]\nurl_schemes = [\"https\",\"http\"]\nallow_private_addresses = true\n"
                       "[github]\napi_url = \"http://127.0.0.1:8799\"\n"
                       "token_file = \"/etc/devy/github-token\"\n"
                       "[limits]\nmarkdown_file_bytes_max = 1\n");
    author_.commit();
  }
  // Without the variable that names the test's own configuration.
  [[nodiscard]] ProgramResult run_there(std::vector<std::string> arguments,
                                        const std::string& folder) const {
    auto there = call(std::move(arguments));
    std::erase_if(there.environment, [](const auto& one) { return one.first == "DEVY_CONFIG"; });
    there.directory = folder;
    return run_program(there);
  }
};

TEST_F(HostileFolder, IsNamedAndRefused) {
  const auto result = run_there({"account", "list"}, author_.folder());
  EXPECT_EQ(result.status, 2) << result.out << result.err;
  EXPECT_NE(result.err.find("unable to use configuration 'devy-upload.toml'"), std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("--config"), std::string::npos) << result.err;
  // Doctor says so too, looks at the rest, and believes nothing of it.
  const auto told = run_there({"doctor"}, author_.folder());
  EXPECT_EQ(told.status, 10) << told.err;
  EXPECT_NE(told.out.find("unable to use configuration 'devy-upload.toml'"), std::string::npos);
  EXPECT_NE(told.out.find("ok: github: no token and no App"), std::string::npos) << told.out;
  EXPECT_EQ(told.out.find("8799"), std::string::npos) << told.out;
}

TEST_F(HostileFolder, HasNoConfigurationForCheck) {
  std::filesystem::create_directory(author_.folder() + "/sub");
  std::filesystem::copy_file(author_.folder() + "/devy-upload.toml",
                             author_.folder() + "/sub/devy-upload.toml");
  for (const auto& [argument, folder] : {std::pair(std::string("."), author_.folder()),
                                         std::pair(std::string(".."), author_.folder() + "/sub")}) {
    const auto result = run_there({"check", argument}, folder);
    EXPECT_EQ(result.status, 0) << result.out << result.err;
  }
}

}  // namespace hostile_folder_test
}  // namespace devy::testing
