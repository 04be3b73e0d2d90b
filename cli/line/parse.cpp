#include "cli/line/parse.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/line/value_check.hpp"
#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;
using Values = std::map<std::string, std::vector<std::string>>;

struct Split {
  Values options;                  // given ones only; a flag has a value for each time
  std::vector<std::string> words;  // everything else, in order
};

std::string help_hint(const std::string& command) {
  return "Run `devy-upload " + (command.empty() ? "" : command + " ") + "--help`.";
}

// `--wait` becomes `--wait=120s`: CLI11 would take the next word for its value.
std::vector<std::string> fill_implied(const std::vector<Option>& options,
                                      std::vector<std::string> words) {
  for (auto& word : words) {
    if (word == "--") break;
    for (const auto& option : options)
      if (!option.implied_value.empty() && word == "--" + option.name)
        word += "=" + option.implied_value;
  }
  return words;
}

[[noreturn]] void throw_unknown_option(const std::vector<Option>& options, const std::string& given,
                                       const std::string& command) {
  const auto name = given.substr(0, given.find('='));
  std::vector<std::string> known;
  known.reserve(options.size());
  for (const auto& option : options)
    known.push_back(option.name);
  const auto dashes = std::min(name.find_first_not_of('-'), name.size());
  const auto near = base::closest_name(name.substr(dashes), known);
  throw Error(ErrorKind::usage, "unknown option: '" + name + "'",
              near ? "Did you mean `--" + std::string(*near) + "`?" : help_hint(command));
}

void add_option(CLI::App& app, const Option& option) {
  std::string names = "--" + option.name;
  if (option.short_name != '\0') names = std::string{'-', option.short_name} + "," + names;
  if (option.value.empty()) {
    app.add_flag(names)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    return;
  }
  app.add_option(names)->expected(1)->allow_extra_args(false)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

// CLI11 allows --json=false, which scripts use, but would take any other word as well.
void check_flag(const Option& option, const std::vector<std::string>& values,
                const std::string& command) {
  for (const auto& value : values)
    if (value != "true" && value != "false")
      throw Error(ErrorKind::usage, "option --" + option.name + " takes no value",
                  help_hint(command));
}

// With `stops_at_word`, everything behind the first word is left unchanged, including options.
Split split(const std::vector<Option>& options, const std::vector<std::string>& words,
            bool stops_at_word, const std::string& command) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.prefix_command(stops_at_word);
  for (const auto& option : options)
    add_option(app, option);
  CLI::Option* rest = nullptr;
  constexpr int words_max = 100'000;  // the kernel's limit on arguments comes first
  if (!stops_at_word)
    rest = app.add_option("words")
               ->expected(0, words_max)
               ->allow_extra_args()
               ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  try {
    auto reversed = fill_implied(options, words);
    std::reverse(reversed.begin(), reversed.end());
    app.parse(std::move(reversed));
  } catch (const CLI::ArgumentMismatch& mismatch) {
    const std::string text = mismatch.what();
    throw Error(ErrorKind::usage, "missing value of option " + text.substr(0, text.find(':')),
                help_hint(command));
  } catch (const CLI::ParseError& problem) {
    throw Error(ErrorKind::usage, std::string("unable to read the arguments: ") + problem.what(),
                help_hint(command));
  }
  Split found;
  found.words = rest == nullptr ? app.remaining() : rest->results();
  if (rest != nullptr && app.remaining_size() > 0)
    throw_unknown_option(options, app.remaining().front(), command);
  for (const auto& option : options) {
    const auto* given = app.get_option("--" + option.name);
    if (given->count() == 0) continue;
    if (option.value.empty()) check_flag(option, given->results(), command);
    found.options[option.name] = given->results();
  }
  return found;
}

bool is_set(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found != values.end() && found->second.back() != "false";
}

void apply_globals(const Values& values, CommandLine& line) {
  auto& options = line.options;
  const auto last = [&](const char* name) -> const std::string* {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second.back();
  };
  if (const auto* file = last("config")) options.config_file = *file;
  if (const auto* conninfo = last("db")) options.database = *conninfo;
  if (const auto* color = last("color"))
    options.color = *color == "always"  ? ColorChoice::always
                    : *color == "never" ? ColorChoice::never
                                        : ColorChoice::automatic;
  if (const auto found = values.find("verbose"); found != values.end())
    options.verbosity += static_cast<int>(found->second.size());
  options.is_json |= is_set(values, "json");
  options.is_quiet |= is_set(values, "quiet");
  options.is_yes |= is_set(values, "yes");
  options.is_dry_run |= is_set(values, "dry-run");
  line.is_help |= is_set(values, "help");
  line.is_version |= is_set(values, "version");
}

// Takes the words before the next command word; the remaining words begin with that word.
std::vector<std::string> read_globals(const std::vector<std::string>& words, CommandLine& line) {
  auto found = split(global_options(), words, true, line.group);
  check_options(global_options(), found.options);
  apply_globals(found.options, line);
  if (!found.words.empty() && found.words.front() == "--") found.words.erase(found.words.begin());
  if (!found.words.empty() && found.words.front().starts_with('-'))
    throw_unknown_option(global_options(), found.words.front(), line.group);
  return std::move(found.words);
}

[[noreturn]] void throw_unknown_command(const CommandTable& candidates, const std::string& word,
                                        const std::string& group) {
  std::vector<std::string> known;
  for (const auto* command : candidates) {
    known.emplace_back(group.empty() ? first_word(*command) : second_word(*command));
    if (group.empty()) known.insert(known.end(), command->aliases.begin(), command->aliases.end());
  }
  const auto prefix = group.empty() ? "" : group + " ";
  const auto near = base::closest_name(word, known);
  throw Error(
      ErrorKind::usage, "unknown command: '" + prefix + word + "'",
      near ? "Did you mean `devy-upload " + prefix + std::string(*near) + "`?" : help_hint(group));
}

// Finds the command and removes its words; leaves `command` empty when there was none to find.
void read_command(const CommandTable& table, std::vector<std::string>& words, CommandLine& line) {
  words = read_globals(words, line);
  if (words.empty()) return;
  const auto group = commands_of_group(table, words.front());
  if (group.empty()) throw_unknown_command(table, words.front(), "");
  line.group = first_word(*group.front());
  words.erase(words.begin());
  if (second_word(*group.front()).empty()) {
    line.command = group.front();
    return;
  }
  words = read_globals(words, line);
  if (words.empty()) return;
  const auto found = std::find_if(group.begin(), group.end(), [&](const Command* command) {
    return second_word(*command) == words.front();
  });
  if (found == group.end()) throw_unknown_command(group, words.front(), line.group);
  line.command = *found;
  words.erase(words.begin());
}

void read_positionals(const Command& command, std::vector<std::string> words, Arguments& target) {
  for (const auto& positional : command.positionals) {
    if (words.empty()) {
      if (positional.is_optional) continue;
      throw Error(ErrorKind::usage, "missing argument: <" + positional.name + ">",
                  help_hint(command.name));
    }
    const auto count = positional.is_repeatable ? words.size() : std::size_t{1};
    const auto end = words.begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<std::string> taken(words.begin(), end);
    check_positional(positional, taken);
    target.set(positional.name, std::move(taken));
    words.erase(words.begin(), end);
  }
  if (!words.empty())
    throw Error(ErrorKind::usage, "unexpected argument: '" + words.front() + "'",
                help_hint(command.name));
}

void read_arguments(const std::vector<std::string>& words, CommandLine& line) {
  const auto& command = *line.command;
  auto options = command.options;
  const auto is_own = [&](const std::string& name) {
    return std::ranges::any_of(command.options,
                               [&](const Option& option) { return option.name == name; });
  };
  // A command's own --version, of a task, stands in place of the program's.
  for (const auto& option : global_options())
    if (!is_own(option.name)) options.push_back(option);
  auto found = split(options, words, false, command.name);
  check_options(options, found.options);
  Values globals = found.options;
  std::erase_if(globals, [&](const auto& value) { return is_own(value.first); });
  apply_globals(globals, line);
  if (line.is_help || line.is_version) return;
  for (const auto& option : command.options) {
    const auto given = found.options.find(option.name);
    if (given != found.options.end()) {
      if (!option.value.empty() || is_set(found.options, option.name))
        line.arguments.set(option.name, given->second);
    } else if (!option.default_value.empty()) {
      line.arguments.set(option.name, {option.default_value});
    }
  }
  read_positionals(command, std::move(found.words), line.arguments);
}

}  // namespace

CommandLine parse(const CommandTable& table, const std::vector<std::string>& words) {
  CommandLine line;
  auto rest = words;
  read_command(table, rest, line);
  if (line.command != nullptr) read_arguments(rest, line);
  if (line.command != nullptr || line.is_help || line.is_version) return line;
  throw Error(ErrorKind::usage,
              line.group.empty() ? "missing command" : "missing command after '" + line.group + "'",
              help_hint(line.group));
}

}  // namespace devy::cli
