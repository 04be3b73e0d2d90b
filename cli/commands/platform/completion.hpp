#pragma once
// Generates completion scripts for shells from the command table, so that they are always up to
// date. Pure; any thread.

#include <string>

#include "cli/command_table.hpp"

namespace devy::cli {

[[nodiscard]] std::string bash_completion(const CommandTable& table);
[[nodiscard]] std::string zsh_completion(const CommandTable& table);
[[nodiscard]] std::string fish_completion(const CommandTable& table);

// Returns functions in the common subset of bash and zsh that list the possible next words; see the
// .cpp.
[[nodiscard]] std::string shell_facts(const CommandTable& table);

// Returns how a value is completed: "file", "directory", "blog", "upload", "account", "post",
// "delivery", "none", or "words a b" for a choice.
[[nodiscard]] std::string value_word(ValueKind kind, const std::vector<std::string>& choices);
// Returns the first words of all commands and their aliases, each once.
[[nodiscard]] std::vector<std::string> first_words(const CommandTable& table);

}  // namespace devy::cli
