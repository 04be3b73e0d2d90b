#pragma once
// Completion scripts for shells, made from the command table, so that they cannot fall behind it.
// Pure; any thread.

#include <string>

#include "cli/command_table.hpp"

namespace devy::cli {

[[nodiscard]] std::string bash_completion(const CommandTable& table);
[[nodiscard]] std::string zsh_completion(const CommandTable& table);
[[nodiscard]] std::string fish_completion(const CommandTable& table);

// Functions in the common subset of bash and zsh that say what may follow; see the .cpp.
[[nodiscard]] std::string shell_facts(const CommandTable& table);

// How a value is completed: "file", "directory", "blog", "upload", "account", "none", or
// "words a b" for a choice.
[[nodiscard]] std::string value_word(ValueKind kind, const std::vector<std::string>& choices);
// The first words of all commands, and their aliases, each once.
[[nodiscard]] std::vector<std::string> first_words(const CommandTable& table);

}  // namespace devy::cli
