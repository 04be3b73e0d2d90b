#pragma once
// Words of a command line → which command, with what. The only user of CLI11, which splits options
// from words; the command is found and its values are checked here, by the table (command.hpp).
// Global options may stand anywhere before `--`. Throws Error(usage); prints nothing. Any thread.

#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/command_table.hpp"
#include "cli/context.hpp"

namespace devy::cli {

struct CommandLine {
  const Command* command = nullptr;  // none: only with is_help or is_version
  std::string group;                 // help was asked for "blog", which is no command by itself
  Arguments arguments;
  GlobalOptions options;
  bool is_help = false, is_version = false;
};

// `words`: without the program's name.
[[nodiscard]] CommandLine parse(const CommandTable& table, const std::vector<std::string>& words);

}  // namespace devy::cli
