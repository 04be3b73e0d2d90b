#pragma once
// The text of --help, from the table. Pure; any thread.

#include <string>
#include <string_view>

#include "cli/command_table.hpp"

namespace devy::cli {

[[nodiscard]] std::string program_help(const CommandTable& table);
[[nodiscard]] std::string group_help(const CommandTable& table, std::string_view group);
[[nodiscard]] std::string command_help(const Command& command);
// "devy-upload list [options]", "devy-upload trigger <blog> [options]".
[[nodiscard]] std::string usage_line(const Command& command);

}  // namespace devy::cli
