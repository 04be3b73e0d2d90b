#include "core/publishing/blog/settings.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/platform/base/error.hpp"
#include "core/platform/config/toml_guard.hpp"

namespace devy::blog {
namespace settings_test {

Settings parse(std::string_view toml) {
  return parse_settings(toml, config::Limits{}).settings;
}

// The error's text, or "" where there is none.
std::string problem_of(std::string_view toml) {
  try {
    static_cast<void>(parse(toml));
    return "";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::rejected);
    EXPECT_EQ(error.code(), "settings_broken");
    EXPECT_FALSE(error.hint().empty());
    return error.text();
  }
}

TEST(ParseSettings, HasDefaults) {
  const auto settings = parse("");
  EXPECT_FALSE(settings.name);
  EXPECT_FALSE(settings.branch);
  EXPECT_EQ(settings.root, ".");
  EXPECT_TRUE(settings.ignore.empty());
  EXPECT_TRUE(settings.static_folders.empty());
  EXPECT_EQ(settings.timezone, "UTC");
  EXPECT_FALSE(settings.drafts);
  EXPECT_EQ(settings.max_delete_percent, 50);
}

TEST(ParseSettings, ReadsEveryKey) {
  const auto settings = parse(
      "name = 'My  blog'\ndescription = \"A\\u001b[31m tagline\"\nroot = 'content/posts'\n"
      "branch = 'release/1.0'\nignore = ['drafts/', '!README.md']\n"
      "timezone = 'Europe/Berlin'\ndrafts = true\nmax_delete_percent = 100\n");
  EXPECT_EQ(settings.name, "My blog");
  EXPECT_EQ(settings.description, "A[31m tagline");
  EXPECT_EQ(settings.root, "content/posts");
  EXPECT_EQ(settings.branch, "release/1.0");
  EXPECT_EQ(settings.ignore, (std::vector<std::string>{"drafts/", "!README.md"}));
  EXPECT_EQ(settings.timezone, "Europe/Berlin");
  EXPECT_TRUE(settings.drafts);
  EXPECT_EQ(settings.max_delete_percent, 100);
}

TEST(ParseSettings, ReadsStaticFolders) {
  EXPECT_EQ(parse("static = ['/static/', 'a/./public']").static_folders,
            (std::vector<std::string>{"static", "a/public"}));
  EXPECT_EQ(parse("static = 'static'").static_folders, std::vector<std::string>{"static"});
  EXPECT_EQ(parse("static = []").static_folders, std::vector<std::string>());
  EXPECT_EQ(problem_of("static = 1"),
            "devy.toml:1:10: 'static' must be a list of folders, and not a whole number");
  EXPECT_EQ(problem_of("static = ['a', 2]"),
            "devy.toml:1:16: 'static' must be a list of folders, and not a whole number");
  EXPECT_EQ(problem_of("static = ['../a']"),
            "devy.toml:1:11: 'static' must name folders of the repository, and not '../a'");
  std::string many = "static = [";
  for (int i = 0; i < 21; ++i)
    many += "'a',";
  EXPECT_EQ(problem_of(many + "]"), "devy.toml:1:10: 'static' holds more than 20 folders");
}

TEST(ParseSettings, NormalisesTheRoot) {
  const struct {
    const char* written;
    const char* expected;
  } cases[] = {{".", "."},         {"", "."},           {"/", "."},
               {"./", "."},        {"posts/", "posts"}, {"./a//b/./c/", "a/b/c"},
               {"/posts", "posts"}};
  for (const auto& [written, expected] : cases)
    EXPECT_EQ(parse("root = '" + std::string(written) + "'").root, expected) << written;
}

TEST(ParseSettings, RefusesARootOutsideTheRepository) {
  for (const std::string root : {"..", "../x", "a/../..", "a/../b", "a\\\\b", "a\\u0000b"})
    EXPECT_TRUE(problem_of("root = \"" + root + "\"")
                    .starts_with("devy.toml:1:8: 'root' must be a folder of the repository"))
        << root;
}

TEST(ParseSettings, RefusesAnInvalidBranch) {
  for (const std::string branch : {"", "-x", "a b", "a..b", "a.lock", "/a", "a/", "a~1", "a^",
                                   "a:b", "@", "a@{1}", "a\\u001bb", ".a", "a/.b", "a."})
    EXPECT_NE(problem_of("branch = \"" + branch + "\""), "") << branch;
}

TEST(ParseSettings, ReportsProblemsWithTheirPlace) {
  const struct {
    const char* toml;
    const char* expected;
  } cases[] = {
      {"root = 1", "devy.toml:1:8: 'root' must be a text, and not a whole number"},
      {"\n  drafts = 'yes'", "devy.toml:2:12: 'drafts' must be true or false, and not a text"},
      {"ignore = 'a'", "devy.toml:1:10: 'ignore' must be a list of globs, and not a text"},
      {"ignore = ['a',\n  1]",
       "devy.toml:2:3: 'ignore' must be a list of globs, and not a whole number"},
      {"timezone = 'Mars/Base'", "devy.toml:1:12: time zone 'Mars/Base' is unknown here"},
      {"timezone = '../../etc/passwd'",
       "devy.toml:1:12: time zone '../../etc/passwd' is unknown here"},
      {"max_delete_percent = 101",
       "devy.toml:1:22: 'max_delete_percent' must be from 0 to 100, and not 101"},
      {"max_delete_percent = -1",
       "devy.toml:1:22: 'max_delete_percent' must be from 0 to 100, and not -1"},
      {"max_delete_percent = 50.0",
       "devy.toml:1:22: 'max_delete_percent' must be a whole number, and not a fraction"},
      {"branch = \"a\\u001bb\"", "devy.toml:1:10: 'a\\x1bb' is no name for a branch"},
  };
  for (const auto& [toml, expected] : cases)
    EXPECT_EQ(problem_of(toml), expected) << toml;
}

TEST(ParseSettings, ReportsAllProblemsAtOnce) {
  EXPECT_EQ(problem_of("drafts = 1\nroot = true\n"),
            "devy.toml:2:8: 'root' must be a text, and not true or false; "
            "devy.toml:1:10: 'drafts' must be true or false, and not a whole number");
}

TEST(ParseSettings, ReportsBrokenTomlWithItsPlace) {
  EXPECT_TRUE(problem_of("name = 'x'\nroot = = 'y'\n").starts_with("devy.toml:2:8: "));
  EXPECT_TRUE(problem_of("name = '\xff'").starts_with("devy.toml:1:8: "))
      << problem_of("name = '\xff'");
  EXPECT_NE(problem_of("name = 'a'\nname = 'b'\n"), "");
}

TEST(ParseSettings, WarnsOfUnknownKeys) {
  const auto parsed =
      parse_settings("Name = 'x'\ntimezome = 'UTC'\nzzz = 1\n[theme]\na = 1\n", config::Limits{});
  std::vector<std::string> warnings;
  for (const auto& warning : parsed.warnings)
    warnings.push_back(snapshot::to_string(warning));
  EXPECT_EQ(warnings, (std::vector<std::string>{
                          "devy.toml:1:1: unknown key 'Name', did you mean 'name'?",
                          "devy.toml:4:2: unknown key 'theme'",
                          "devy.toml:2:1: unknown key 'timezome', did you mean 'timezone'?",
                          "devy.toml:3:1: unknown key 'zzz'"}));
}

TEST(ParseSettings, RefusesAFileThatIsTooLarge) {
  EXPECT_EQ(problem_of("#" + std::string(65'536, 'x')),
            "devy.toml: file is larger than 65536 bytes");
}

TEST(ParseSettings, RefusesDeepKeysAndValues) {
  std::string key = "a";
  for (int i = 0; i < 30'000; ++i)
    key += ".a";
  EXPECT_EQ(problem_of(key + " = 1"), "devy.toml:1:64: a key of more than 32 parts");
  EXPECT_EQ(problem_of("a = " + std::string(60'000, '[')),
            "devy.toml:1:69: values nested more than 64 deep");
}

TEST(ParseSettings, BoundsTheLengthOfTexts) {
  EXPECT_NE(problem_of("name = '" + std::string(201, 'x') + "'"), "");
  EXPECT_NE(problem_of("description = '" + std::string(2'001, 'x') + "'"), "");
  EXPECT_NE(problem_of("ignore = ['" + std::string(257, 'x') + "']"), "");
  std::string globs = "ignore = [";
  for (int i = 0; i < 101; ++i)
    globs += "'a',";
  EXPECT_EQ(problem_of(globs + "]"), "devy.toml:1:10: 'ignore' holds more than 100 globs");
}

TEST(OriginDigest, ChangesWithWhatDecidesAPost) {
  Settings settings;
  const auto digest = origin_digest(settings);
  EXPECT_EQ(digest.size(), 16U);
  EXPECT_EQ(origin_digest(settings), digest);
  settings.name = "other";
  settings.ignore = {"a"};
  EXPECT_EQ(origin_digest(settings), digest);
  settings.drafts = true;
  EXPECT_NE(origin_digest(settings), digest);
  settings.timezone = "Asia/Tokyo";
  const auto in_tokyo = origin_digest(settings);
  EXPECT_NE(in_tokyo, digest);
  settings.root = "posts";
  EXPECT_NE(origin_digest(settings), in_tokyo);
}

}  // namespace settings_test
}  // namespace devy::blog
