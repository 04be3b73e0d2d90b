#include "cli/terminal/table.hpp"

#include <algorithm>
#include <limits>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t elastic_least = 8;  // a text cut to less would be useless
constexpr std::size_t padded_max = 60;    // where nothing is cut

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

std::vector<std::size_t> Table::full_widths() const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto widest = base::display_width(columns_[i].title);
    for (const auto& row : rows_)
      widest = std::max(widest, base::display_width(row[i].text));
    found.push_back(widest);
  }
  return found;
}

namespace {

// The width of a row; a column without a width is left out.
std::size_t total_width(const std::vector<std::size_t>& widths) {
  std::size_t total = 0, columns = 0;
  for (const auto width : widths) {
    total += width;
    columns += width > 0 ? 1 : 0;
  }
  return total + gap * (columns > 0 ? columns - 1 : 0);
}

// The lightest column that may still go: of equal ones the last, and what cannot be cut before what
// can. 0: none may.
std::size_t lightest(const std::vector<Column>& columns, const std::vector<std::size_t>& widths,
                     int weight_max) {
  std::size_t found = 0;
  const auto rank = [&](std::size_t i) {
    return std::pair{columns[i].weight, columns[i].is_elastic};
  };
  for (std::size_t i = 1; i < columns.size(); ++i)
    if (widths[i] > 0 && columns[i].weight <= weight_max && (found == 0 || rank(i) <= rank(found)))
      found = i;
  return found;
}

void cut_elastic(const std::vector<Column>& columns, std::vector<std::size_t>& widths,
                 std::size_t width) {
  for (auto total = total_width(widths); total > width; --total) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (columns[i].is_elastic && widths[i] > elastic_least &&
          (widest == nullptr || widths[i] > *widest))
        widest = &widths[i];
    if (widest == nullptr) return;
    --*widest;
  }
}

}  // namespace

void Table::fit(std::vector<std::size_t>& widths, std::size_t width) const {
  const auto leave_out = [&](int weight_max) {
    const auto column = lightest(columns_, widths, weight_max);
    if (column > 0) widths[column] = 0;
    return column > 0;
  };
  while (total_width(widths) > width && leave_out(nice_to_know)) {
  }
  const auto full = widths;
  cut_elastic(columns_, widths, width);
  while (total_width(widths) > width) {
    // A text that was cut may have room again once a column is gone.
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (widths[i] > 0) widths[i] = full[i];
    if (!leave_out(std::numeric_limits<int>::max())) return;
    cut_elastic(columns_, widths, width);
  }
}

std::string Table::text(std::optional<std::size_t> width, bool is_colored) const {
  auto widths = full_widths();
  if (width) fit(widths, *width);
  std::string result;
  const auto append_row = [&](const auto& cell_of) {
    // Nothing stands behind the last text of a line.
    std::size_t end = columns_.size();
    while (end > 0 && (widths[end - 1] == 0 || cell_of(end - 1).text.empty()))
      --end;
    bool is_first = true;
    for (std::size_t i = 0; i < end; ++i) {
      if (widths[i] == 0) continue;
      if (!is_first) result += std::string(gap, ' ');
      is_first = false;
      const Cell cell = cell_of(i);
      const auto cut = width ? cut_to_width(cell.text, widths[i]) : cell.text;
      // In a file, one long text does not push all other lines apart.
      const auto column = width ? widths[i] : std::min(widths[i], padded_max);
      const auto used = base::display_width(cut);
      const std::string padding(column > used ? column - used : 0, ' ');
      if (columns_[i].align == Align::right) result += padding;
      result += linked(paint(cut, cell.color, is_colored), cell.link, is_colored);
      if (columns_[i].align == Align::left && i + 1 < end) result += padding;
    }
    result += '\n';
  };
  append_row([&](std::size_t i) { return Cell(columns_[i].title, Color::bold); });
  for (const auto& row : rows_)
    append_row([&](std::size_t i) { return row[i]; });
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
