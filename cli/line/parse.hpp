#pragma once
// Parses the words of a command line into a command and its arguments. The only user of CLI11,
// which separates options from words; the command is found and its values are checked here, by the
// table (command.hpp). Global options may stand anywhere before `--`. Throws Error(usage); prints
// nothing. Any thread.

#include <string>
#include <vector>

#include "cli/command_table.hpp"
#include "cli/context.hpp"
#include "cli/line/arguments.hpp"

namespace devy::cli {

struct CommandLine {
  const Command* command = nullptr;  // null: only with is_help or is_version
  std::string group;  // set when help was requested for "blog", which is not a command by itself
  Arguments arguments;
  GlobalOptions options;
  bool is_help = false, is_version = false;
};

// `words` do not include the program's name.
[[nodiscard]] CommandLine parse(const CommandTable& table, const std::vector<std::string>& words);

}  // namespace devy::cli
