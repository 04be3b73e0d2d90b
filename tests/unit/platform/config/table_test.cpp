// The table of settings held against config.hpp and the man page, both read as text.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "core/platform/config/load.hpp"
#include "core/platform/config/setting.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::config {
namespace table_test {

std::string read_source(const std::string& path) {
  return devy::testing::read_text(DEVY_SOURCE_FOLDER "/" + path);
}

// "Limits" is "limits", "FilesS3" is "files.s3".
std::string section_of(const std::string& structure) {
  std::string section;
  for (const char byte : structure) {
    const bool is_upper = byte >= 'A' && byte <= 'Z';
    if (is_upper && !section.empty()) section += '.';
    section += is_upper ? static_cast<char>(byte + 32) : byte;
  }
  return section;
}

// "  seconds fetch_stall{30};" inside "struct Limits {".
std::vector<std::string> members_of_header() {
  static const std::regex structure(R"(^struct (\w+) \{)");
  static const std::regex member(R"(^  [\w:<>]+ (\w+)\s*[;={].*)");
  std::vector<std::string> keys;
  std::istringstream lines(read_source("core/platform/config/config.hpp"));
  std::string line, section;
  for (std::smatch match; std::getline(lines, line);) {
    if (std::regex_search(line, match, structure)) section = match[1];
    else if (section == "Config" && !line.starts_with("  std::")) continue;
    else if (line.starts_with("  Files")) continue;  // a section within the section
    else if (std::regex_search(line, match, member))
      keys.push_back((section == "Config" ? "" : section_of(section) + ".") + match[1].str());
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

// A member that the table forgets would silently be no setting.
TEST(SettingTable, HasEveryMemberOfTheHeader) {
  std::vector<std::string> keys;
  for (const auto& setting : settings())
    keys.emplace_back(setting.key);
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(keys, members_of_header());
}

// mdoc: ".It Ic conninfo No = Qq" below ".Ss Section database"; a quote is \(dq.
TEST(SettingTable, IsDocumentedInTheManPage) {
  const auto page = read_source("man/devy-upload.toml.5");
  std::string section;
  std::map<std::string, std::string> documented;
  std::istringstream lines(page);
  static const std::regex heading(R"(^\.Ss Section ([\w.]+)$)");
  static const std::regex item(R"(^\.It Ic (\w+) No = Li (.*)$)");
  std::string line;
  for (std::smatch match; std::getline(lines, line);) {
    if (std::regex_match(line, match, heading)) section = match[1].str() + ".";
    if (std::regex_match(line, match, item))
      documented[section + match[1].str()] =
          std::regex_replace(match[2].str(), std::regex(R"(\\\(dq)"), "\"");
  }
  std::map<std::string, std::string> expected;
  for (const auto& [key, value] : describe(Config{}))
    expected[key] = value;
  EXPECT_EQ(documented, expected);
}

// "#conninfo = \"\"" below "[database]".
TEST(SettingTable, IsInTheExampleWithItsDefaults) {
  std::istringstream lines(read_source("daemon/devy-upload.toml.example"));
  static const std::regex heading(R"(^\[([\w.]+)\]$)");
  static const std::regex item(R"(^#(\w+ = .*)$)");
  std::set<std::string> found, expected;
  std::string line, section;
  for (std::smatch match; std::getline(lines, line);) {
    if (std::regex_match(line, match, heading)) section = match[1].str() + ".";
    if (std::regex_match(line, match, item)) found.insert(section + match[1].str());
  }
  for (const auto& [key, value] : describe(Config{}))
    expected.insert(key + " = " + value);
  for (const auto& setting : expected)
    EXPECT_TRUE(found.contains(setting)) << "missing: " << setting;
  for (const auto& setting : found)
    EXPECT_TRUE(expected.contains(setting)) << "no setting: " << setting;
}

}  // namespace table_test
}  // namespace devy::config
