#include "core/publishing/markdown/prescan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace devy::markdown {
namespace prescan_test {

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

// "line: message", or "" where there is none.
std::string problem_of(const std::string& text) {
  const auto problem = prescan(text);
  return problem ? std::to_string(problem->line) + ": " + problem->message : "";
}

TEST(Prescan, BoundsContainersOnOneLine) {
  const std::string expected = "3: more than 128 quotes and lists begin on one line";
  for (const std::string_view marker : {"> ", ">", "- ", "+ ", "* ", "1. ", "2) ", "\t>", "- > "})
    EXPECT_EQ(problem_of("a\n\n" + repeat(marker, 129) + "x\n"), expected) << marker;
  EXPECT_EQ(problem_of(repeat("> ", 128) + "x\n"), "");
}

TEST(Prescan, AcceptsALongRule) {
  EXPECT_EQ(problem_of(repeat("- ", 500) + "\n"), "");
  EXPECT_EQ(problem_of(repeat("* ", 500) + "\n"), "");
  EXPECT_EQ(problem_of(repeat("-", 500) + "\n"), "");
}

TEST(Prescan, BoundsTheCellsOfTables) {
  const auto table = [](std::size_t columns, std::size_t rows) {
    return repeat("|a", columns) + "\n" + repeat("|-", columns) + "\n" + repeat("x\n", rows);
  };
  EXPECT_EQ(problem_of(table(400, 400)), "");
  EXPECT_EQ(problem_of(table(500, 500)), "402: tables of more than 200000 cells");
  EXPECT_EQ(problem_of("> " + repeat("|a", 500) + "\n> " + repeat("|-", 500) + "\n" +
                       repeat("> x\n", 500)),
            "402: tables of more than 200000 cells");
  // In all: many small ones hurt like a large one.
  std::string many;
  for (int i = 0; i < 30; ++i)
    many += table(100, 100) + "\n";
  EXPECT_NE(problem_of(many), "");
}

TEST(Prescan, BoundsWhatReferencesExpandTo) {
  const std::string definition = "[a b]: /" + std::string(100'000, 'x') + "\n\n";
  EXPECT_EQ(problem_of("text\n\n" + definition + repeat("[A  b]\n", 10'000)),
            "3: link references expand to more than 16777216 bytes");
  EXPECT_EQ(problem_of(definition + repeat("[a b]\n", 100)), "");
  EXPECT_EQ(problem_of(definition + repeat("[other]\n", 10'000)), "");
  EXPECT_EQ(problem_of("[a]: /x\n\n" + repeat("[a]\n", 50'000)), "");
}

TEST(Prescan, BoundsWhatIsNeverClosed) {
  for (const std::string opening : {"a <?", "a <!A ", "a <![CDATA["}) {
    EXPECT_NE(problem_of(repeat(opening, 500'000 / opening.size())), "") << opening;
    EXPECT_EQ(problem_of(repeat(opening + "\n\n", 500'000 / opening.size())), "") << opening;
  }
  EXPECT_NE(problem_of(repeat("![[]()", 80'000)), "");
}

TEST(Prescan, LeavesLargeOrdinaryTextAlone) {
  EXPECT_EQ(problem_of(repeat("Some words, `code` and a [link](/a).\n", 14'000)), "");
  EXPECT_EQ(problem_of(repeat("![image](/a.png) ", 10'000)), "");
  EXPECT_EQ(problem_of("```php\n" + repeat("<?php echo 1; ?>\n<? x\n", 2'000) + "```\n"), "");
  EXPECT_EQ(problem_of(repeat("| a | b | c | d |\n", 1) + "|---|---|---|---|\n" +
                       repeat("| a | b | c | d |\n", 20'000)),
            "");
  EXPECT_EQ(problem_of(""), "");
}

}  // namespace prescan_test
}  // namespace devy::markdown
