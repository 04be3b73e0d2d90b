// devy-upload(1) held against the table of commands: each command with each of its options, and
// nothing that is no longer there.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "cli/command_table.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::cli {
namespace man_page_test {

using Lines = std::set<std::string>;

// "blog connect --branch" for each command with each option; "list (alias) ls".
Lines of_table() {
  Lines lines;
  for (const auto& option : global_options())
    lines.insert(" --" + option.name);
  for (const auto* command : all_commands()) {
    lines.insert(command->name);
    for (const auto& positional : command->positionals)
      lines.insert(command->name + " <" + positional.name + ">");
    for (const auto& option : command->options)
      lines.insert(command->name + " --" + option.name);
    for (const auto& alias : command->aliases)
      lines.insert(command->name + " (alias) " + alias);
  }
  return lines;
}

Lines of_page() {
  static const std::regex command_item(R"(^\.It Ic ([a-z]+(?: [a-z]+)?)((?: Op)?(?: Ar .*)?)$)");
  static const std::regex option_item(R"(^\.It (?:Fl \w , )?Fl -([\w-]+).*$)");
  static const std::regex argument(R"(Ar ([\w-]+))");
  Lines lines;
  std::istringstream page(devy::testing::read_text(DEVY_SOURCE_FOLDER "/man/devy-upload.1"));
  std::string line, command;
  bool is_alias = false;
  for (std::smatch match; std::getline(page, line);) {
    if (line == ".Sh STATES") break;
    if (std::regex_match(line, match, command_item)) {
      command = match[1];
      lines.insert(command);
      const std::string rest = match[2];
      for (std::sregex_iterator i(rest.begin(), rest.end(), argument), end; i != end; ++i)
        lines.insert(command + " <" + (*i)[1].str() + ">");
    } else if (std::regex_match(line, match, option_item)) {
      lines.insert(command + " --" + match[1].str());
    } else if (is_alias) {
      lines.insert(command + " (alias) " + line.substr(4, line.find(' ', 4) - 4));
    }
    is_alias = line == "Alias:";
  }
  return lines;
}

TEST(ManPage, HasEveryCommandAndOptionAndNoOther) {
  EXPECT_EQ(of_page(), of_table());
}

}  // namespace man_page_test
}  // namespace devy::cli
