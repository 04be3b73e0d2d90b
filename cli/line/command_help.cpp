#include "cli/line/command_help.hpp"

#include <algorithm>

#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t help_width = 80;

std::string option_names(const Option& option) {
  std::string text =
      option.short_name != '\0' ? std::string{'-', option.short_name} + ", " : "    ";
  text += "--" + option.name;
  if (!option.implied_value.empty()) text += "[=" + option.value + "]";
  else if (!option.value.empty()) text += " " + option.value;
  return text;
}

std::string option_help(const Option& option) {
  auto text = option.help;
  if (!option.default_value.empty()) text += " (default: " + option.default_value + ")";
  if (!option.implied_value.empty()) text += " (alone: " + option.implied_value + ")";
  if (option.is_repeatable) text += " (several: separate with commas)";
  return text;
}

// Breaks `text` at spaces; later lines are indented like the first one's end.
void append_wrapped(std::string& target, const std::string& text, std::size_t indent) {
  std::size_t column = indent;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find(' ', begin), text.size());
    const auto word = text.substr(begin, end - begin);
    const auto width = base::display_width(word);
    if (column > indent && column + 1 + width > help_width) {
      target += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      target += ' ';
      ++column;
    }
    target += word;
    column += width;
    begin = end + 1;
  }
  target += '\n';
}

void append_entry(std::string& target, const std::string& name, const std::string& text,
                  std::size_t indent) {
  target += "  " + name;
  const auto used = 2 + base::display_width(name);
  if (used + 1 < indent) target += std::string(indent - used, ' ');
  else target += "\n" + std::string(indent, ' ');
  append_wrapped(target, text, indent);
}

// Only the names, in as few lines as they need.
void append_names(std::string& target, const std::vector<Option>& options) {
  std::string names;
  for (const auto& option : options)
    names += (names.empty() ? "" : " ") +
             (option.short_name != '\0' ? "-" + std::string(1, option.short_name) + ",--" : "--") +
             option.name;
  constexpr std::size_t indent = 2;
  target += std::string(indent, ' ');
  append_wrapped(target, names, indent);
}

void append_options(std::string& target, const std::vector<Option>& options) {
  constexpr std::size_t indent = 30;
  for (const auto& option : options)
    append_entry(target, option_names(option), option_help(option), indent);
}

// The subjects of verbs, by their first words, in the order of the help.
struct HelpSection {
  const char* title;
  std::vector<std::string_view> words;
};

const std::vector<HelpSection>& help_sections() {
  static const std::vector<HelpSection> sections{
      {"how things are", {"status", "top", "doctor", "explain"}},
      {"blogs and posts",
       {"account", "blog", "trigger", "diff", "check", "verify", "posts", "post", "preview", "open",
        "reconcile"}},
      {"operations",
       {"list", "inspect", "logs", "watch", "replay", "cancel", "approve", "poll", "queue",
        "worker"}},
      {"GitHub's data and deliveries", {"mirror", "delivery"}},
      {"records in both directions",
       {"sync", "project", "task", "comment", "installation", "person"}},
      {"files", {"file"}},
      {"gists", {"gist"}},
      {"browser and API", {"web", "audit", "token"}},
      {"database and program", {"db", "config", "prune", "completion", "version"}},
  };
  return sections;
}

bool is_within(const HelpSection& section, const Command& command) {
  return std::ranges::find(section.words, first_word(command)) != section.words.end();
}

void append_commands(std::string& target, const CommandTable& table) {
  constexpr std::size_t indent = 20;
  for (const auto* command : table) {
    auto name = command->name;
    for (const auto& alias : command->aliases)
      name += ", " + alias;
    append_entry(target, name, command->summary, indent);
  }
}

}  // namespace

std::string usage_line(const Command& command) {
  std::string text = "devy-upload " + command.name;
  for (const auto& positional : command.positionals) {
    const auto name = "<" + positional.name + ">" + (positional.is_repeatable ? "…" : "");
    text += positional.is_optional ? " [" + name + "]" : " " + name;
  }
  return text + " [options]";
}

std::string program_help(const CommandTable& table) {
  std::string text =
      "Publishes the Markdown of connected git repositories as blogs, and shows how it went.\n\n"
      "usage: devy-upload <command> [options]\n";
  auto others = table;
  for (const auto& section : help_sections()) {
    CommandTable within;
    for (const auto* command : table)
      if (is_within(section, *command)) within.push_back(command);
    if (within.empty()) continue;
    std::erase_if(others, [&](const Command* command) { return is_within(section, *command); });
    text += std::string("\n") + section.title + ":\n";
    append_commands(text, within);
  }
  if (!others.empty()) text += "\nmore:\n";
  append_commands(text, others);
  text += "\nglobal options, before or after the command:\n";
  append_options(text, global_options());
  return text + "\n`devy-upload <command> --help` tells more; so does man devy-upload.\n";
}

std::string group_help(const CommandTable& table, std::string_view group) {
  const auto commands = commands_of_group(table, group);
  std::string text =
      "usage: devy-upload " + std::string(group) + " <command> [options]\n\ncommands:\n";
  append_commands(text, commands);
  return text;
}

std::string command_help(const Command& command) {
  std::string text;
  append_wrapped(text, command.summary + ".", 0);
  text += "\nusage: " + usage_line(command) + "\n";
  if (!command.aliases.empty()) {
    text += "alias:";
    for (const auto& alias : command.aliases)
      text += " " + alias;
    text += '\n';
  }
  if (!command.help.empty()) {
    text += '\n';
    std::size_t begin = 0;
    while (begin < command.help.size()) {
      const auto end = std::min(command.help.find('\n', begin), command.help.size());
      append_wrapped(text, command.help.substr(begin, end - begin), 0);
      begin = end + 1;
    }
  }
  if (!command.positionals.empty()) {
    constexpr std::size_t indent = 30;
    text += "\narguments:\n";
    for (const auto& positional : command.positionals)
      append_entry(text, "<" + positional.name + ">", positional.help, indent);
  }
  if (!command.options.empty()) {
    text += "\noptions:\n";
    append_options(text, command.options);
  }
  text += "\nglobal options, which `devy-upload --help` explains:\n";
  append_names(text, global_options());
  if (!command.examples.empty()) {
    text += "\nexamples:\n";
    for (const auto& example : command.examples)
      text += "  " + example + "\n";
  }
  return text;
}

}  // namespace devy::cli
