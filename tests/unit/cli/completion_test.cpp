// What the scripts hold; that shells understand them is tests/scripts/completion_test.sh's.
#include "cli/commands/platform/completion.hpp"

#include <gtest/gtest.h>

namespace devy::cli {
namespace completion_test {

const Command& sample() {
  static const Command command{
      .name = "blog connect",
      .aliases = {"link"},
      .summary = "it's here",
      .positionals = {{.name = "blog", .kind = ValueKind::blog},
                      {.name = "paths", .kind = ValueKind::file, .is_repeatable = true}},
      .options = {{.name = "kind", .short_name = 'k', .value = "K", .choices = {"a", "b"}},
                  {.name = "wait", .value = "D", .implied_value = "1s"}}};
  return command;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Completion, ListsFirstWordsOnceWithAliases) {
  EXPECT_EQ(first_words({&sample(), &sample()}), (std::vector<std::string>{"blog", "link"}));
}

TEST(Completion, DescribesHowEachValueIsCompleted) {
  const auto facts = shell_facts({&sample()});
  EXPECT_TRUE(has(facts, "'blog') echo 'connect' ;;")) << facts;
  EXPECT_TRUE(has(facts, "'blog connect --kind'|'blog connect -k') echo 'words a b' ;;")) << facts;
  EXPECT_TRUE(has(facts, "'blog connect 0') echo 'blog' ;;")) << facts;
  EXPECT_TRUE(has(facts, "'blog connect '*) echo 'file' ;;")) << facts;
  // Given alone it takes no word after it.
  EXPECT_TRUE(has(facts, "'blog connect --wait=') echo 'none' ;;")) << facts;
  EXPECT_FALSE(has(facts, "'blog connect --wait')")) << facts;
}

TEST(Completion, NamesEveryCommandInEveryScript) {
  const CommandTable& table = all_commands();
  for (const auto& script : {bash_completion(table), zsh_completion(table), fish_completion(table)})
    for (const auto* command : table)
      EXPECT_TRUE(has(script, std::string(first_word(*command)))) << command->name;
}

TEST(Completion, QuotesDescriptionsForFish) {
  EXPECT_TRUE(has(fish_completion({&sample()}), "'it'\\''s here'"));
}

}  // namespace completion_test
}  // namespace devy::cli
