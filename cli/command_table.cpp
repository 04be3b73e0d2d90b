#include "cli/command_table.hpp"

#include <algorithm>

namespace devy::cli {

// In the order of the table. Each is defined in cli/commands/<verb>.cpp.
const Command& trigger_command();
const Command& list_command();
const Command& inspect_command();
const Command& logs_command();
const Command& watch_command();
const Command& replay_command();
const Command& cancel_command();
const Command& approve_command();
const Command& poll_command();
const Command& reconcile_command();
const Command& queue_stats_command();
const Command& queue_pause_command();
const Command& queue_resume_command();

const CommandTable& all_commands() {
  // Formatted by hand: one command a line keeps its history readable.
  // clang-format off
  static const CommandTable table{
      &trigger_command(),
      &list_command(),
      &inspect_command(),
      &logs_command(),
      &watch_command(),
      &replay_command(),
      &cancel_command(),
      &approve_command(),
      &poll_command(),
      &reconcile_command(),
      &queue_stats_command(),
      &queue_pause_command(),
      &queue_resume_command(),
  };
  // clang-format on
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
