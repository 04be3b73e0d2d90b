#include "cli/terminal/table.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::cli {
namespace table_test {

TEST(Table, AlignsColumnsByWhatATerminalShows) {
  Table table({{"NAME"}, {.title = "N", .align = Align::right}, {"LAST"}});
  table.add({"日本", "5", "x"});
  table.add({"é", "120", "y"});
  EXPECT_EQ(table.text(std::nullopt, false),
            "NAME    N  LAST\n"
            "日本    5  x\n"
            "é     120  y\n");
}

TEST(Table, CutsOnlyElasticColumnsToTheWidth) {
  Table table({{"ID"}, {.title = "BLOG", .is_elastic = true}, {"STATE"}});
  table.add({"1a2b3c4d", "alice/a-very-long-blog-name", "completed"});
  EXPECT_EQ(table.text(35, false),
            "ID        BLOG            STATE\n"
            "1a2b3c4d  alice/a-very-…  completed\n");
}

TEST(Table, NeutralisesEscapesInEveryCell) {
  Table table({{"TITLE"}});
  table.add({"\x1b[2Jgone\nnext"});
  const auto text = table.text(std::nullopt, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

TEST(Table, ColorsOnlyWhenAsked) {
  Table table({{"STATE"}, {"X"}});
  table.add({Cell("failed", Color::red), "x"});
  EXPECT_EQ(table.text(std::nullopt, false), "STATE   X\nfailed  x\n");
  EXPECT_EQ(table.text(std::nullopt, true),
            "\x1b[1mSTATE\x1b[0m   \x1b[1mX\x1b[0m\n\x1b[31mfailed\x1b[0m  x\n");
}

TEST(Table, RefusesARowOfAnotherLength) {
  Table table({{"A"}, {"B"}});
  EXPECT_THROW(table.add({"only one"}), base::Error);
}

TEST(CutToWidth, CountsColumnsAndMarksTheCut) {
  EXPECT_EQ(cut_to_width("hello", 5), "hello");
  EXPECT_EQ(cut_to_width("hello!", 5), "hell…");
  EXPECT_EQ(cut_to_width("日本語", 5), "日本…");
  EXPECT_EQ(cut_to_width("日本語", 4), "日…");
  EXPECT_EQ(cut_to_width("x", 0), "");
}

}  // namespace table_test
}  // namespace devy::cli
