#pragma once
// Every command, in the order in which help lists them. A new verb: its file in cli/commands
// exposes `const Command& <verb>_command()`, and command_table.cpp gets two lines.

#include <optional>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace devy::cli {

using CommandTable = std::vector<const Command*>;

[[nodiscard]] const CommandTable& all_commands();

// The commands whose name begins with this word, or has it as an alias; "blog" finds all of blog's.
[[nodiscard]] CommandTable commands_of_group(const CommandTable& table, std::string_view word);
[[nodiscard]] std::string_view first_word(const Command& command);
// Empty where the name is one word.
[[nodiscard]] std::string_view second_word(const Command& command);

}  // namespace devy::cli
