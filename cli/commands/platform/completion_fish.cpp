#include <algorithm>

#include "cli/commands/platform/completion.hpp"
#include "core/platform/base/shell_quoted.hpp"

namespace devy::cli {
namespace {

// __devy_upload_at blog connect: these are the first words. __devy_upload_words 1: that many stand.
constexpr std::string_view functions = R"sh(
function __devy_upload_words_before
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l is_value no
    for token in $tokens
        if test $is_value = yes
            set is_value no
        else if contains -- $token $__devy_upload_global_values
            set is_value yes
        else
            string match -q -- '-*' $token; or echo $token
        end
    end
end
function __devy_upload_at
    set -l words (__devy_upload_words_before)
    set -l length (count $argv)
    test (count $words) -ge $length; and test "$words[1..$length]" = "$argv"
end
function __devy_upload_words
    test (count (__devy_upload_words_before)) -eq $argv[1]
end
function __devy_upload_candidates
    set -l tokens (commandline -opc)
    $tokens[1] completion --candidates $argv[1] --of=$tokens[-1] 2>/dev/null
end
complete -c devy-upload -f
)sh";

// The options whose value may stand between the program and the command: such a value is no word of
// a command.
std::string global_values() {
  std::string line = "set -g __devy_upload_global_values";
  for (const auto& option : global_options()) {
    if (option.value.empty()) continue;
    line += " --" + option.name;
    if (option.short_name != '\0') line += std::string(" -") + option.short_name;
  }
  return line + "\n";
}

std::string describe(std::string_view text) {
  return text.empty() ? "" : " -d " + base::shell_quoted(text);
}

std::string value_of(ValueKind kind, const std::vector<std::string>& choices) {
  const auto word = value_word(kind, choices);
  if (word == "file") return " -F";
  if (word == "directory") return " -a '(__fish_complete_directories)'";
  if (word == "none") return "";
  if (word.starts_with("words ")) return " -a " + base::shell_quoted(word.substr(6));
  return " -a '(__devy_upload_candidates " + word + ")'";
}

std::string option_line(const std::string& condition, const Option& option) {
  std::string line = "complete -c devy-upload" + condition + " -l " + option.name;
  if (option.short_name != '\0') line += std::string(" -s ") + option.short_name;
  if (!option.value.empty() && option.implied_value.empty())
    line +=
        (option.kind == ValueKind::file ? " -r" : " -x") + value_of(option.kind, option.choices);
  return line + describe(option.help) + "\n";
}

std::string when(const std::string& condition) {
  return " -n " + base::shell_quoted(condition);
}

std::string at(const std::string& words) {
  return "__devy_upload_at " + words;
}

// Offers this word where the condition holds.
std::string word_line(const std::string& condition, const std::string& word,
                      std::string_view summary) {
  return "complete -c devy-upload" + when(condition) + " -a " + word + describe(summary) + "\n";
}

std::string command_lines(const Command& command, const std::string& name) {
  const auto words = 1 + std::ranges::count(name, ' ');
  std::string lines;
  for (const auto& option : command.options)
    lines += option_line(when(at(name)), option);
  for (std::size_t i = 0; i < command.positionals.size(); ++i) {
    const auto& positional = command.positionals[i];
    const auto value = value_of(positional.kind, positional.choices);
    if (value.empty()) continue;
    auto condition = at(name);
    if (!positional.is_repeatable)
      condition.append("; and __devy_upload_words ")
          .append(std::to_string(static_cast<std::size_t>(words) + i));
    lines.append("complete -c devy-upload").append(when(condition)).append(value).append("\n");
  }
  return lines;
}

}  // namespace

std::string fish_completion(const CommandTable& table) {
  std::string text = "# fish completion for devy-upload, made by `devy-upload completion fish`." +
                     std::string(functions) + global_values();
  for (const auto& option : global_options())
    text += option_line("", option);
  for (const auto& word : first_words(table)) {
    const auto group = commands_of_group(table, word);
    const bool is_single = second_word(*group.front()).empty();
    text += word_line("__devy_upload_words 0", word, is_single ? group.front()->summary : "");
    for (const auto* command : group) {
      if (is_single) {
        text += command_lines(*command, word);
        continue;
      }
      const std::string second(second_word(*command));
      text += word_line(at(word) + "; and __devy_upload_words 1", second, command->summary);
      text += command_lines(*command, std::string(word).append(" ").append(second));
    }
  }
  return text;
}

}  // namespace devy::cli
