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

TEST(Table, LeavesLightColumnsOutWhereThereIsNoRoom) {
  Table table({{"ID"},
               {.title = "BLOG", .is_elastic = true},
               {.title = "TRIGGER", .weight = nice_to_know},
               {.title = "CHANGES", .weight = 3},
               {.title = "TOOK", .align = Align::right, .weight = 1}});
  table.add({"1a2b3c4d", "alice/long-name", "operator", "+1 ~2 -22", "80ms"});
  const auto first_line = [&](std::size_t width) {
    const auto text = table.text(width, false);
    for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
      EXPECT_LE(text.find('\n', begin) - begin, width + 2) << text;  // "…" has three bytes
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(first_line(80), "ID        BLOG             TRIGGER   CHANGES    TOOK");
  EXPECT_EQ(first_line(50), "ID        BLOG             CHANGES    TOOK");
  EXPECT_EQ(first_line(36), "ID        BLOG       CHANGES    TOOK");
  EXPECT_EQ(first_line(33), "ID        BLOG          CHANGES");
  EXPECT_EQ(first_line(20), "ID        CHANGES");
  EXPECT_EQ(first_line(10), "ID");
}

TEST(Table, PadsNoLineToOneLongTextInAPipe) {
  Table table({{"TITLE"}, {"NOTE"}});
  table.add({std::string(400, 'x'), "first"});
  table.add({"short", "second"});
  table.add({"alone", ""});
  const auto text = table.text(std::nullopt, false);
  EXPECT_NE(text.find("\nshort" + std::string(57, ' ') + "second\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\nalone\n")) << text;
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

TEST(Table, SortsByWhatCellsMean) {
  EXPECT_EQ(cell_value("12"), 12);
  EXPECT_EQ(cell_value("3m 20s"), 200);
  EXPECT_EQ(cell_value("2h ago"), -7200);
  EXPECT_EQ(cell_value("just now"), 0);
  EXPECT_EQ(cell_value("in 5s"), 5);
  EXPECT_EQ(cell_value("4.2 MB"), 4.2e6);
  EXPECT_EQ(cell_value("2 KiB"), 2048);
  EXPECT_EQ(cell_value("4a1b2c3d"), std::nullopt);
  EXPECT_EQ(cell_value("alice/blog"), std::nullopt);
  Table table({{"BLOG"}, {"TOOK"}});
  for (const auto* took : {"3m 20s", "-", "90ms", "4.2s"})
    table.add({"x", took});
  table.sort({"took"});
  EXPECT_EQ(table.text(std::nullopt, false),
            "BLOG  TOOK\nx     90ms\nx     4.2s\nx     3m 20s\nx     -\n");
  table.sort({"-took"});
  EXPECT_EQ(table.text(std::nullopt, false),
            "BLOG  TOOK\nx     -\nx     3m 20s\nx     4.2s\nx     90ms\n");
}

TEST(Table, SortsByTheColumnThatAFieldBegins) {
  Table table({{"CREATED"}, {"N"}});
  table.add({"2026-01-02", "a"});
  table.add({"2026-01-01", "b"});
  table.sort({"created_at"});
  EXPECT_EQ(table.text(std::nullopt, false), "CREATED     N\n2026-01-01  b\n2026-01-02  a\n");
  try {
    table.sort({"creatd"});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.hint(), "Did you mean `created`? The columns are created, n.");
  }
}

}  // namespace table_test
}  // namespace devy::cli
