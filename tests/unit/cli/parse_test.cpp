#include "cli/line/parse.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace parse_test {

CommandLine parsed(const std::vector<std::string>& words) {
  return parse(all_commands(), words);
}

base::Error refused(const std::vector<std::string>& words) {
  try {
    static_cast<void>(parsed(words));
  } catch (const base::Error& error) {
    return error;
  }
  return {base::ErrorKind::internal, "it was accepted"};
}

// A value that the option takes.
std::string value_for(const Option& option) {
  if (!option.choices.empty()) return option.choices.front();
  if (option.kind == ValueKind::number) return std::to_string(option.least);
  const bool is_time = option.kind == ValueKind::duration || option.kind == ValueKind::moment;
  return is_time ? "5m" : "text";
}

// The command's words with the positionals it needs.
std::vector<std::string> words_of(const Command& command) {
  std::vector<std::string> words{std::string(first_word(command))};
  if (!second_word(command).empty()) words.emplace_back(second_word(command));
  for (const auto& positional : command.positionals)
    if (!positional.is_optional)
      words.push_back(positional.choices.empty() ? "word" : positional.choices.front());
  return words;
}

TEST(Parse, FindsEveryCommandByItsWords) {
  for (const auto* command : all_commands()) {
    const auto line = parsed(words_of(*command));
    EXPECT_EQ(line.command, command) << command->name;
    EXPECT_NE(line.command->run, nullptr) << command->name;
  }
}

TEST(Parse, FindsEveryAlias) {
  for (const auto* command : all_commands())
    for (const auto& alias : command->aliases) {
      auto words = words_of(*command);
      words.front() = alias;
      EXPECT_EQ(parsed(words).command, command) << alias;
    }
}

TEST(Parse, TakesEveryOptionOfEveryCommand) {
  for (const auto* command : all_commands())
    for (const auto& option : command->options) {
      auto words = words_of(*command);
      const auto value = value_for(option);
      words.push_back("--" + option.name + (option.value.empty() ? "" : "=" + value));
      const auto line = parsed(words);
      ASSERT_TRUE(line.arguments.has(option.name)) << command->name << " --" << option.name;
      if (!option.value.empty()) {
        EXPECT_EQ(line.arguments.text(option.name), value);
      }
    }
}

TEST(Parse, TakesEveryShortOption) {
  for (const auto* command : all_commands())
    for (const auto& option : command->options) {
      if (option.short_name == '\0') continue;
      auto words = words_of(*command);
      words.push_back(std::string{'-', option.short_name});
      if (!option.value.empty()) words.push_back(value_for(option));
      EXPECT_TRUE(parsed(words).arguments.has(option.name)) << command->name;
    }
}

TEST(Parse, NamesNoOptionTwice) {
  for (const auto* command : all_commands()) {
    std::vector<std::string> names;
    auto options = command->options;
    // A task's --version stands in place of the program's.
    std::ranges::copy_if(global_options(), std::back_inserter(options), [&](const Option& global) {
      return std::ranges::none_of(command->options, [&](const Option& own) {
        return own.name == global.name && own.name == "version";
      });
    });
    for (const auto& option : options) {
      names.push_back(option.name);
      if (option.short_name != '\0') names.emplace_back(1, option.short_name);
    }
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end()) << command->name;
  }
}

TEST(Parse, RefusesEveryCommandWithoutItsArguments) {
  for (const auto* command : all_commands()) {
    if (command->positionals.empty() || command->positionals.front().is_optional) continue;
    std::vector<std::string> words{std::string(first_word(*command))};
    if (!second_word(*command).empty()) words.emplace_back(second_word(*command));
    EXPECT_EQ(refused(words).text(),
              "missing argument: <" + command->positionals.front().name + ">")
        << command->name;
  }
}

TEST(Parse, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"-c", "a.toml", "--db", "host=x", "--json", "-q", "-y", "--dry-run", "queue", "stats"},
           {"queue", "-c", "a.toml", "--db=host=x", "--json", "--quiet", "stats", "--yes",
            "--dry-run"},
           {"queue", "stats", "--config", "a.toml", "--db", "host=x", "--json", "-qy",
            "--dry-run"}}) {
    const auto options = parsed(words).options;
    EXPECT_EQ(options.config_file, "a.toml");
    EXPECT_EQ(options.database, "host=x");
    EXPECT_TRUE(options.is_json && options.is_quiet && options.is_yes && options.is_dry_run);
  }
}

TEST(Parse, CountsHowVerbose) {
  EXPECT_EQ(parsed({"list"}).options.verbosity, 0);
  EXPECT_EQ(parsed({"-v", "list"}).options.verbosity, 1);
  EXPECT_EQ(parsed({"-v", "list", "-v"}).options.verbosity, 2);
  EXPECT_EQ(parsed({"list", "-vv"}).options.verbosity, 2);
}

TEST(Parse, ReadsWhenToColor) {
  EXPECT_EQ(parsed({"list"}).options.color, ColorChoice::automatic);
  EXPECT_EQ(parsed({"list", "--color", "always"}).options.color, ColorChoice::always);
  EXPECT_EQ(parsed({"--color=never", "list"}).options.color, ColorChoice::never);
  EXPECT_EQ(refused({"list", "--color", "red"}).text(), "invalid value of --color: 'red'");
}

TEST(Parse, LeavesWordsThatNameCommandsAsArguments) {
  const auto line = parsed({"watch", "list", "queue", "watch"});
  EXPECT_EQ(line.arguments.all("id"), (std::vector<std::string>{"list", "queue", "watch"}));
}

TEST(Parse, TakesAnythingAfterTwoDashes) {
  EXPECT_EQ(parsed({"inspect", "--", "--events"}).arguments.text("id"), "--events");
  EXPECT_EQ(parsed({"--", "inspect", "x"}).arguments.text("id"), "x");
}

TEST(Parse, LetsAnOptionKeepItsFirstWordOnly) {
  const auto line = parsed({"cancel", "--state", "verified", "1a2b", "--reason", "a b"});
  EXPECT_EQ(line.arguments.all("state"), std::vector<std::string>{"verified"});
  EXPECT_EQ(line.arguments.all("id"), std::vector<std::string>{"1a2b"});
  EXPECT_EQ(line.arguments.text("reason"), "a b");
}

TEST(Parse, SplitsRepeatableValuesAtCommas) {
  const auto line = parsed({"list", "--state", "failed,held", "--state=verified"});
  EXPECT_EQ(line.arguments.all("state"), (std::vector<std::string>{"failed", "held", "verified"}));
}

TEST(Parse, LeavesTheNextWordAfterAnOptionalValue) {
  const auto line = parsed({"replay", "--wait", "1a2b"});
  EXPECT_EQ(line.arguments.text("wait"), "120s");
  EXPECT_EQ(line.arguments.text("id"), "1a2b");
  EXPECT_EQ(parsed({"replay", "--wait=5s", "1a2b"}).arguments.duration("wait"),
            std::chrono::seconds(5));
  EXPECT_FALSE(parsed({"replay", "1a2b"}).arguments.has("wait"));
}

TEST(Parse, FillsInDefaults) {
  EXPECT_EQ(parsed({"list"}).arguments.number("limit"), 50);
  EXPECT_EQ(parsed({"list", "-n7"}).arguments.number("limit"), 7);
}

TEST(Parse, LetsTheLastOfSeveralValuesWin) {
  EXPECT_EQ(parsed({"list", "-n", "1", "-n", "2"}).arguments.number("limit"), 2);
}

TEST(Parse, AsksForHelpAndVersionWithoutArguments) {
  EXPECT_TRUE(parsed({"--help"}).is_help);
  EXPECT_EQ(parsed({"queue", "--help"}).group, "queue");
  EXPECT_TRUE(parsed({"trigger", "--help"}).is_help);
  EXPECT_TRUE(parsed({"trigger", "-h"}).is_help);
  EXPECT_TRUE(parsed({"--version"}).is_version);
}

TEST(Parse, SaysWhatIsWrongAndWhatWasMeant) {
  struct Case {
    std::vector<std::string> words;
    std::string text, hint;
  };
  const std::vector<Case> cases{
      {{"lsit"}, "unknown command: 'lsit'", "Did you mean `devy-upload list`?"},
      {{"zzzzzz"}, "unknown command: 'zzzzzz'", "Run `devy-upload --help`."},
      {{"queue", "stat"},
       "unknown command: 'queue stat'",
       "Did you mean `devy-upload queue stats`?"},
      {{"queue"}, "missing command after 'queue'", "Run `devy-upload queue --help`."},
      {{"--jsno", "list"}, "unknown option: '--jsno'", "Did you mean `--json`?"},
      {{"list", "--stae=failed"}, "unknown option: '--stae'", "Did you mean `--state`?"},
      {{"list", "-Z"}, "unknown option: '-Z'", "Run `devy-upload list --help`."},
      {{"list", "extra"}, "unexpected argument: 'extra'", "Run `devy-upload list --help`."},
      {{"list", "--since"}, "missing value of option --since", "Run `devy-upload list --help`."},
      {{"list", "--json=x"}, "option --json takes no value", "Run `devy-upload list --help`."},
      {{"list", "--since", "soon"},
       "invalid value of --since: 'soon'",
       "It is how long ago (90s, 1h, 7d), today, yesterday, a day (2026-11-29), a time (20:00) or "
       "both, in UTC."},
      {{"list", "-n", "0"},
       "invalid value of --limit: '0'",
       "It is a whole number from 1 to 100000."},
      {{"inspect", ""}, "empty argument: <id>", ""},
  };
  for (const auto& [words, text, hint] : cases) {
    const auto error = refused(words);
    EXPECT_EQ(error.kind(), base::ErrorKind::usage) << text;
    EXPECT_EQ(error.text(), text);
    EXPECT_EQ(error.hint(), hint) << text;
  }
}

TEST(Parse, SuggestsWhatWasMeantInWholeCommands) {
  const auto hint_for = [](const std::vector<std::string>& words) { return refused(words).hint(); };
  EXPECT_EQ(hint_for({"log"}), "Did you mean `devy-upload logs`?");
  EXPECT_EQ(hint_for({"acount", "list"}), "Did you mean `devy-upload account list`?");
  EXPECT_EQ(hint_for({"acount", "lits"}), "Did you mean `devy-upload account`?");
  EXPECT_EQ(hint_for({"post", "list"}), "Did you mean `devy-upload posts`?");
  EXPECT_EQ(hint_for({"help", "trigger"}), "Run `devy-upload trigger --help`.");
  EXPECT_EQ(hint_for({"mirror", "add", "a/b", "--wait", "1s"}),
            "A value of --wait stands behind '=': --wait=1s.");
  EXPECT_EQ(hint_for({"mirror", "add", "a/b", "1s"}), "Run `devy-upload mirror add --help`.");
}

TEST(Parse, TakesAnEqualsSignBehindAShortOption) {
  EXPECT_EQ(parsed({"list", "-n=2"}).arguments.number("limit"), 2);
  EXPECT_EQ(parsed({"list", "-n", "2"}).arguments.number("limit"), 2);
}

TEST(Parse, SaysWhichStatesThereAre) {
  const auto error = refused({"list", "--state", "fialed"});
  EXPECT_EQ(error.text(), "invalid value of --state: 'fialed'");
  EXPECT_TRUE(error.hint().starts_with("Did you mean `failed`? It is one of received, verified,"));
}

}  // namespace parse_test
}  // namespace devy::cli
