// The configuration from files and variables, as a program gets it.
#include "core/platform/config/load.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "core/platform/base/error.hpp"
#include "core/platform/config/setting.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::config {
namespace load_test {

constexpr const char* variables[] = {"DEVY_CONFIG",
                                     "DEVY_DB",
                                     "DEVY_LOG_LEVEL",
                                     "DEVY_LOG_FORMAT",
                                     "DEVY_TOKEN_FILE",
                                     "DEVY_RUNTIME_DIRECTORY",
                                     "PIPEDRIVE_ORG",
                                     "POSTGRES_CONNECTION_STRING",
                                     "DEVY_FILES_ENABLED",
                                     "DEVY_FILES_DIRECTORY",
                                     "DEVY_FILES_FILE_BYTES_MAX",
                                     "DEVY_FILES_STREAMS_MAX",
                                     "DEVY_FILES_STALL",
                                     "DEVY_FILES_TYPES"};

class LoadConfig : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : variables)
      unsetenv(name);
  }
  void TearDown() override { SetUp(); }

  std::string file(const std::string& text) {
    auto path = folder_ / "test.toml";
    devy::testing::write_text(path, text);
    return path;
  }
  Loaded load_text(const std::string& text) { return load(file(text)); }

  // Problems as lines without the folder: "test.toml:1:1: what".
  static std::vector<std::string> lines(const Loaded& loaded) {
    std::vector<std::string> result;
    for (const auto& problem : loaded.problems)
      result.push_back((problem.is_warning ? "warning: " : "") +
                       std::filesystem::path(problem.where).filename().string() + ": " +
                       problem.message);
    return result;
  }
  using Lines = std::vector<std::string>;

  devy::testing::TempFolder folder_;
};

TEST_F(LoadConfig, ReadsSettingsOfEveryKind) {
  const auto loaded = load_text(R"(
runtime_directory = "/run/devy"
[git]
url_schemes = ["https", "file"]
allow_private_addresses = true
[queue]
poll_interval = "500ms"
lease_ttl = "1m"
max_attempts = 3
[limits]
html_bytes_max = "1MiB"
asset_bytes_max = 4096
fetch_stall = 20
[log]
level = "debug"
)");
  EXPECT_EQ(lines(loaded), Lines{});
  const auto& config = loaded.config;
  EXPECT_EQ(config.runtime_directory, "/run/devy");
  EXPECT_EQ(config.git.url_schemes, (std::vector<std::string>{"https", "file"}));
  EXPECT_TRUE(config.git.allow_private_addresses);
  EXPECT_EQ(config.queue.poll_interval, milliseconds{500});
  EXPECT_EQ(config.queue.lease_ttl, seconds{60});
  EXPECT_EQ(config.queue.max_attempts, 3U);
  EXPECT_EQ(config.limits.html_bytes_max, mebibyte);
  EXPECT_EQ(config.limits.asset_bytes_max, 4096U);
  EXPECT_EQ(config.limits.fetch_stall, seconds{20});
  EXPECT_EQ(config.log.level, "debug");
}

TEST_F(LoadConfig, ReadsBackEveryKeyOfDescribe) {
  std::string text;
  for (const auto& [key, value] : describe(Config{}))
    text += key + " = " + value + "\n";
  const auto loaded = load_text(text);
  EXPECT_EQ(lines(loaded), Lines{});
  for (const auto& [key, value] : describe(Config{}))
    EXPECT_EQ(loaded.origins.at(key), "file") << key;
  EXPECT_EQ(describe(loaded.config), describe(Config{}));
}

TEST_F(LoadConfig, FindsNoProblemInTheDefaults) {
  const auto loaded = load_text("");
  EXPECT_EQ(lines(loaded), Lines{});
  for (const auto& [key, origin] : loaded.origins)
    EXPECT_EQ(origin, "default") << key;
}

TEST_F(LoadConfig, ReportsAllProblemsAtOnceWithTheirPlaces) {
  const auto loaded = load_text(
      "[limits]\ntree_depth_max = 0\nhtml_bytes_max = \"8MB\"\nfetch_stall = \"1.5s\"\n"
      "[git]\nurl_schemes = [\"ftp\"]\nallow_private_addresses = \"yes\"\n"
      "[log]\nlevel = \"loud\"\n[queue]\nlease_ttl = 1979-05-27\n");
  EXPECT_EQ(
      lines(loaded),
      (Lines{
          "test.toml:7:1: git.allow_private_addresses must be true or false",
          "test.toml:6:1: git.url_schemes must be a list out of \"https\", \"http\", \"file\"",
          "test.toml:4:1: limits.fetch_stall must be a duration from \"1s\" to \"3600s\", in whole "
          "seconds",
          "test.toml:3:1: limits.html_bytes_max must be a size from \"1B\" to \"256MiB\"",
          "test.toml:2:1: limits.tree_depth_max must be a whole number from 1 to 512",
          "test.toml:9:1: log.level must be one of \"debug\", \"info\", \"warning\", \"error\"",
          "test.toml:11:1: queue.lease_ttl must be a duration from \"2s\" to \"3600s\", in whole "
          "seconds",
      }));
  EXPECT_EQ(loaded.config.limits.tree_depth_max, 64U);
}

TEST_F(LoadConfig, WarnsOfUnknownKeysWithASuggestion) {
  const auto loaded =
      load_text("token_file = \"/x\"\nnothing_like_it = 1\n[git]\nurl_hots = []\n[limts]\nx = 1\n");
  EXPECT_EQ(lines(loaded),
            (Lines{
                "warning: test.toml:4:1: unknown key \"git.url_hots\", did you mean "
                "\"git.url_hosts\"?",
                "warning: test.toml:5:2: unknown key \"limts\", did you mean \"limits\"?",
                "warning: test.toml:2:1: unknown key \"nothing_like_it\"",
                "warning: test.toml:1:1: unknown key \"token_file\", did you mean "
                "\"git.token_file\"?",
            }));
}

TEST_F(LoadConfig, ReportsASectionThatIsAValue) {
  EXPECT_EQ(lines(load_text("git = 3\n")),
            (Lines{"test.toml:1:1: \"git\" must be a section: [git]"}));
}

TEST_F(LoadConfig, ReportsBrokenTomlWithItsPlace) {
  const auto loaded = load_text("[git]\nurl_hosts = [\n");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_TRUE(loaded.problems[0].where.ends_with("test.toml:2:15")) << loaded.problems[0].where;
  EXPECT_FALSE(loaded.problems[0].is_warning);
}

TEST_F(LoadConfig, RefusesDeepKeysAndValuesBeforeParsing) {
  std::string deep = "a";
  for (int i = 0; i < 30'000; ++i)
    deep += ".a";
  EXPECT_EQ(lines(load_text("\n" + deep + " = 1\n")),
            (Lines{"test.toml:2:64: a key of more than 32 parts"}));
  EXPECT_EQ(lines(load_text("a = " + std::string(20'000, '['))),
            (Lines{"test.toml:1:69: values nested more than 64 deep"}));
}

TEST_F(LoadConfig, RefusesALargeFile) {
  EXPECT_EQ(lines(load_text(std::string(70'000, '#'))),
            (Lines{"test.toml: is larger than 64 KiB, which no configuration needs"}));
}

TEST_F(LoadConfig, RequiresAFileThatIsNamed) {
  try {
    (void)load(folder_ / "absent.toml");
    FAIL() << "no error";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::config);
    EXPECT_NE(error.text().find("absent.toml': No such file or directory"), std::string::npos)
        << error.text();
    EXPECT_FALSE(error.hint().empty());
  }
}

TEST_F(LoadConfig, RefusesAPipe) {
  const auto path = folder_ / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_THROW((void)load(path), base::Error);
}

TEST_F(LoadConfig, PrefersVariablesToTheFile) {
  setenv("DEVY_CONFIG",
         file("[database]\nconninfo = \"host=a\"\n[log]\nlevel = \"debug\"\n[git]\ntoken_for = "
              "[\"alice\"]")
             .c_str(),
         1);
  setenv("DEVY_DB", "host=b", 1);
  setenv("DEVY_LOG_FORMAT", "json", 1);
  setenv("DEVY_TOKEN_FILE", "/etc/devy/token", 1);
  setenv("DEVY_RUNTIME_DIRECTORY", "/run/x", 1);
  const auto loaded = load(std::nullopt);
  EXPECT_EQ(lines(loaded), Lines{});
  EXPECT_EQ(loaded.config.database.conninfo, "host=b");
  EXPECT_EQ(loaded.origins.at("database.conninfo"), "DEVY_DB");
  EXPECT_EQ(loaded.config.log.level, "debug");
  EXPECT_EQ(loaded.origins.at("log.level"), "file");
  EXPECT_EQ(loaded.config.log.format, "json");
  EXPECT_EQ(loaded.config.git.token_file, "/etc/devy/token");
  EXPECT_EQ(loaded.origins.at("runtime_directory"), "DEVY_RUNTIME_DIRECTORY");
}

TEST_F(LoadConfig, HonoursTheVariablesOfTheServiceThatGistsReplace) {
  setenv("DEVY_CONFIG", file("").c_str(), 1);
  setenv("PIPEDRIVE_ORG", "acme", 1);
  setenv("POSTGRES_CONNECTION_STRING", "host=earlier", 1);
  EXPECT_EQ(load(std::nullopt).config.crm.company, "acme");
  EXPECT_EQ(load(std::nullopt).config.database.conninfo, "host=earlier");
  setenv("DEVY_DB", "host=b", 1);
  EXPECT_EQ(load(std::nullopt).config.database.conninfo, "host=b");
}

TEST_F(LoadConfig, HasAVariableForEachSettingOfFiles) {
  setenv("DEVY_FILES_ENABLED", "true", 1);
  setenv("DEVY_FILES_DIRECTORY", "/srv/files", 1);
  setenv("DEVY_FILES_FILE_BYTES_MAX", "5MiB", 1);
  setenv("DEVY_FILES_STREAMS_MAX", "7", 1);
  setenv("DEVY_FILES_STALL", "5s", 1);
  setenv("DEVY_FILES_TYPES", "image/png,text/plain", 1);
  const auto loaded = load_text("[files]\nstreams_max = 9\nio_threads = 2\n");
  EXPECT_EQ(lines(loaded), Lines{});
  const auto& files = loaded.config.files;
  EXPECT_TRUE(files.enabled);
  EXPECT_EQ(files.directory, "/srv/files");
  EXPECT_EQ(files.file_bytes_max, 5 * mebibyte);
  EXPECT_EQ(files.streams_max, 7);
  EXPECT_EQ(files.io_threads, 2);
  EXPECT_EQ(files.stall, seconds{5});
  EXPECT_EQ(files.types, (std::vector<std::string>{"image/png", "text/plain"}));
  EXPECT_EQ(loaded.origins.at("files.streams_max"), "DEVY_FILES_STREAMS_MAX");
  setenv("DEVY_FILES_STREAMS_MAX", "many", 1);
  EXPECT_EQ(lines(load_text("")),
            Lines{"DEVY_FILES_STREAMS_MAX: must be a whole number from 1 to 10000"});
}

TEST_F(LoadConfig, NamesAWrongVariable) {
  setenv("DEVY_LOG_LEVEL", "loud", 1);
  setenv("DEVY_RUNTIME_DIRECTORY", "run", 1);
  EXPECT_EQ(lines(load_text("")),
            (Lines{"DEVY_LOG_LEVEL: must be one of \"debug\", \"info\", \"warning\", \"error\"",
                   "DEVY_RUNTIME_DIRECTORY: runtime_directory must be an absolute path"}));
}

TEST_F(LoadConfig, GivesAnotherProcessTheSameConfiguration) {
  const auto loaded = load_text(R"(
[database]
conninfo = "host='a b' password='\\u0001\"x'"
[git]
url_hosts = []
url_schemes = ["https", "file"]
[queue]
poll_interval = "15ms"
[workers]
max = 7
)");
  ASSERT_EQ(lines(loaded), Lines{});
  const auto there = from_text(to_text(loaded.config));
  EXPECT_EQ(describe(there), describe(loaded.config));
  EXPECT_EQ(there.workers.max, 7);
  EXPECT_THROW(static_cast<void>(from_text("workers.max = 0")), base::Error);
}

TEST_F(LoadConfig, IgnoresAnEmptyVariable) {
  setenv("DEVY_LOG_LEVEL", "", 1);
  EXPECT_EQ(load_text("").origins.at("log.level"), "default");
}

}  // namespace load_test
}  // namespace devy::config
