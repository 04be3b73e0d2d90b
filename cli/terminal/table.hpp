#pragma once
// A table for people: columns aligned by display width, every cell made safe for a terminal. On a
// terminal a row stays one line: what is nice to know is left out first, then the widest text
// column is cut, and at last columns are left out by their weight. One thread.

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "cli/terminal/terminal.hpp"

namespace devy::cli {

enum class Align { left, right };
struct Column {
  std::string title = {};
  Align align = Align::left;
  bool is_elastic = false;  // may be cut to fit the terminal
  // The lighter goes first where there is no room, and nice_to_know before any text is cut. The
  // table's first column always stays.
  int weight = 2;
};
inline constexpr int nice_to_know = 0;
// NOLINTBEGIN(google-explicit-constructor): rows are written as lists of texts.
struct Cell {
  Cell(std::string cell_text, Color cell_color = Color::none)
      : text(std::move(cell_text)), color(cell_color) {}
  Cell(const char* cell_text) : text(cell_text) {}
  std::string text;
  Color color = Color::none;
  std::string link = {};  // an https address that a terminal opens, where it is coloured
};
// NOLINTEND(google-explicit-constructor)

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // `row` has as many cells as there are columns.
  void add(std::vector<Cell> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  // By these columns, the first deciding most; "-took" is the other way round. Numbers, durations,
  // sizes and times count by what they mean. Throws Error(usage) for a column that is not there.
  void sort(const std::vector<std::string>& names);
  // Prints titles, then rows, in the order of --sort; cuts to the terminal's width only when the
  // output is a terminal, and nobody asked for a wide one.
  void print(Terminal& terminal) const;
  [[nodiscard]] std::string text(std::optional<std::size_t> width, bool is_colored) const;

 private:
  [[nodiscard]] std::vector<std::size_t> full_widths() const;
  void fit(std::vector<std::size_t>& widths, std::size_t width) const;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// The number that the text of a cell means, for sorting: "12", "4.2 MB", "3m 20s", "2h ago", which
// is before "1h ago"; nothing for other texts.
[[nodiscard]] std::optional<double> cell_value(const std::string& text);

// Returns the first columns of the text, with "…" for the rest.
[[nodiscard]] std::string cut_to_width(const std::string& text, std::size_t width);

}  // namespace devy::cli
