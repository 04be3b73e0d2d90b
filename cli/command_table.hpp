#pragma once
// Lists every command in the order of the help. To add a command, write a file in cli/commands that
// defines `const Command& <verb>_command()`, and add two lines to command_table.cpp.

#include <optional>
#include <string_view>
#include <vector>

#include "cli/line/command.hpp"

namespace devy::cli {

using CommandTable = std::vector<const Command*>;

[[nodiscard]] const CommandTable& all_commands();

// Returns the commands whose name begins with this word, or has it as an alias; "blog" gives all
// commands of blog.
[[nodiscard]] CommandTable commands_of_group(const CommandTable& table, std::string_view word);
[[nodiscard]] std::string_view first_word(const Command& command);
// Empty when the name is one word.
[[nodiscard]] std::string_view second_word(const Command& command);

}  // namespace devy::cli
