#include <algorithm>

#include "cli/commands/platform/completion.hpp"
#include "cli/line/word_list.hpp"
#include "core/platform/base/shell_quoted.hpp"

// The table as four functions of a shell:
//   __devy_upload_commands <group>        the second words of a group; the first words for ''
//   __devy_upload_options <command>       its options and the global ones
//   __devy_upload_value <command> <opt>   how the option's value is completed; nothing for a flag
//   __devy_upload_positional <command> n  how its n-th positional is completed, from 0
// and __devy_upload_canonical <command>, which follows an alias.

namespace devy::cli {
namespace {

std::string branch(const std::string& pattern, const std::string& answer) {
  return "    " + pattern + ") echo " + base::shell_quoted(answer) + " ;;\n";
}

std::string function(const std::string& name, const std::string& subject,
                     const std::string& branches) {
  return name + "() {\n  case \"" + subject + "\" in\n" + branches + "  esac\n}\n";
}

void add_options(const std::vector<Option>& options, std::vector<std::string>& words) {
  for (const auto& option : options)
    words.push_back("--" + option.name);
}

// An optional value is never a separate word.
void add_values(const std::string& command, const std::vector<Option>& options,
                std::string& branches) {
  for (const auto& option : options) {
    if (option.value.empty()) continue;
    auto pattern = base::shell_quoted(command + "--" + option.name);
    if (!option.implied_value.empty())
      pattern = base::shell_quoted(command + "--" + option.name + "=");
    if (option.short_name != '\0')
      pattern += "|" + base::shell_quoted(command + "-" + std::string(1, option.short_name));
    branches += branch(pattern, value_word(option.kind, option.choices));
  }
}

std::string commands_function(const CommandTable& table) {
  std::string branches = branch("''", joined(first_words(table), " "));
  for (const auto& word : first_words(table)) {
    std::vector<std::string> seconds;
    for (const auto* command : commands_of_group(table, word))
      if (!second_word(*command).empty()) seconds.emplace_back(second_word(*command));
    if (!seconds.empty()) branches += branch(base::shell_quoted(word), joined(seconds, " "));
  }
  return function("__devy_upload_commands", "$1", branches);
}

std::string positional_function(const CommandTable& table) {
  std::string branches;
  for (const auto* command : table) {
    for (std::size_t i = 0; i < command->positionals.size(); ++i) {
      const auto& positional = command->positionals[i];
      const auto pattern = positional.is_repeatable
                               ? base::shell_quoted(command->name + " ") + "*"
                               : base::shell_quoted(command->name + " " + std::to_string(i));
      branches += branch(pattern, value_word(positional.kind, positional.choices));
    }
  }
  return function("__devy_upload_positional", "$1 $2", branches);
}

}  // namespace

std::string value_word(ValueKind kind, const std::vector<std::string>& choices) {
  if (!choices.empty()) return "words " + joined(choices, " ");
  switch (kind) {
    case ValueKind::file: return "file";
    case ValueKind::directory: return "directory";
    case ValueKind::blog: return "blog";
    case ValueKind::upload: return "upload";
    case ValueKind::account: return "account";
    case ValueKind::post: return "post";
    case ValueKind::delivery: return "delivery";
    case ValueKind::moment: return "words today yesterday";
    case ValueKind::text:
    case ValueKind::number:
    case ValueKind::duration: return "none";
  }
  return "none";
}

std::vector<std::string> first_words(const CommandTable& table) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view word) {
    if (std::ranges::find(words, word) == words.end()) words.emplace_back(word);
  };
  for (const auto* command : table) {
    add(first_word(*command));
    for (const auto& alias : command->aliases)
      add(alias);
  }
  return words;
}

std::string shell_facts(const CommandTable& table) {
  std::string options, values, canonical;
  std::vector<std::string> global;
  add_options(global_options(), global);
  for (const auto* command : table) {
    std::vector<std::string> own;
    add_options(command->options, own);
    if (!own.empty()) options += branch(base::shell_quoted(command->name), joined(own, " "));
    add_values(command->name + " ", command->options, values);
    for (const auto& alias : command->aliases)
      canonical += branch(base::shell_quoted(alias), command->name);
  }
  canonical += "    *) echo \"$1\" ;;\n";
  std::string global_values;
  add_values("", global_options(), global_values);
  // A command's own option comes before a global one of the same letter.
  return commands_function(table) + function("__devy_upload_canonical", "$1", canonical) +
         function("__devy_upload_own_options", "$1", options) +
         "__devy_upload_options() {\n  __devy_upload_own_options \"$1\"\n  echo " +
         base::shell_quoted(joined(global, " ")) + "\n}\n" +
         function("__devy_upload_own_value", "$1 $2", values) +
         function("__devy_upload_global_value", "$1", global_values) +
         "__devy_upload_value() {\n  local own\n  own=$(__devy_upload_own_value \"$1\" \"$2\")\n"
         "  if [ -n \"$own\" ]; then echo \"$own\"; else __devy_upload_global_value \"$2\"; "
         "fi\n}\n" +
         positional_function(table);
}

}  // namespace devy::cli
