#include "cli/command_table.hpp"

#include <algorithm>

namespace devy::cli {

// In the order of the table. Each is defined in cli/commands/<verb>.cpp.

const CommandTable& all_commands() {
  static const CommandTable table{};
  return table;
}

std::string_view first_word(const Command& command) {
  return std::string_view(command.name).substr(0, command.name.find(' '));
}

std::string_view second_word(const Command& command) {
  const auto space = command.name.find(' ');
  if (space == std::string::npos) return {};
  return std::string_view(command.name).substr(space + 1);
}

CommandTable commands_of_group(const CommandTable& table, std::string_view word) {
  CommandTable found;
  for (const auto* command : table) {
    const auto& aliases = command->aliases;
    if (first_word(*command) == word ||
        std::find(aliases.begin(), aliases.end(), word) != aliases.end())
      found.push_back(command);
  }
  return found;
}

}  // namespace devy::cli
