#include "cli/terminal/table.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t elastic_least = 8;  // a text cut to less would be useless

}  // namespace

std::string cut_to_width(const std::string& text, std::size_t width) {
  if (base::display_width(text) <= width) return text;
  if (width == 0) return {};
  std::string kept;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto length =
        std::max<std::size_t>(1, base::utf8_length(std::string_view(text).substr(at)));
    const auto longer = kept + text.substr(at, length);
    if (base::display_width(longer) > width - 1) break;
    kept = longer;
    at += length;
  }
  return kept + "…";
}

void Table::add(std::vector<Cell> row) {
  if (row.size() != columns_.size())
    throw base::Error(base::ErrorKind::internal, "unable to add a row: wrong number of cells");
  for (auto& cell : row)
    cell.text = base::safe_text(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::optional<std::size_t> width) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto widest = base::display_width(columns_[i].title);
    for (const auto& row : rows_)
      widest = std::max(widest, base::display_width(row[i].text));
    found.push_back(widest);
  }
  if (!width) return found;
  std::size_t total = gap * (columns_.size() - 1);
  for (const auto column : found)
    total += column;
  while (total > *width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < found.size(); ++i)
      if (columns_[i].is_elastic && found[i] > elastic_least &&
          (widest == nullptr || found[i] > *widest))
        widest = &found[i];
    if (widest == nullptr) break;
    --*widest;
    --total;
  }
  return found;
}

std::string Table::text(std::optional<std::size_t> width, bool is_colored) const {
  const auto column_widths = widths(width);
  std::string result;
  const auto append = [&](std::size_t column, const std::string& full, Color color,
                          const std::string& link) {
    const auto cut = cut_to_width(full, column_widths[column]);
    const std::string padding(column_widths[column] - base::display_width(cut), ' ');
    const bool is_last = column + 1 == columns_.size();
    if (columns_[column].align == Align::right) result += padding;
    result += linked(paint(cut, color, is_colored), link, is_colored);
    if (columns_[column].align == Align::left && !is_last) result += padding;
    result += is_last ? "\n" : std::string(gap, ' ');
  };
  for (std::size_t i = 0; i < columns_.size(); ++i)
    append(i, columns_[i].title, Color::bold, {});
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < columns_.size(); ++i)
      append(i, row[i].text, row[i].color, row[i].link);
  return result;
}

void Table::print(Terminal& terminal) const {
  const auto width =
      terminal.is_out_tty && !terminal.is_wide ? std::optional(terminal.width) : std::nullopt;
  if (terminal.sort.empty()) {
    terminal.out << text(width, terminal.is_out_colored);
    return;
  }
  auto ordered = *this;
  ordered.sort(terminal.sort);
  terminal.out << ordered.text(width, terminal.is_out_colored);
}

}  // namespace devy::cli
