#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

#include "cli/terminal/table.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

// Sorting a table for people: by what the cells say, as people read it.

namespace devy::cli {
namespace {

std::optional<double> seconds_of(std::string text) {
  std::erase(text, ' ');
  if (text.empty() || base::is_digit(text.back())) return std::nullopt;
  const auto duration = base::parse_duration(text);
  if (!duration) return std::nullopt;
  return std::chrono::duration<double>(*duration).count();
}

// Bytes of a size: "12 kB", "4.2 MiB".
std::optional<double> bytes_of(double value, std::string_view unit) {
  constexpr std::string_view prefixes = "kMGTP";
  constexpr double step = 1e3, binary_step = 1024;
  if (unit == "B" || unit == "bytes" || unit == "byte") return value;
  if (unit == "KiB") return value * binary_step;
  const auto place = unit.empty() ? std::string_view::npos : prefixes.find(unit.front());
  if (place == std::string_view::npos) return std::nullopt;
  const auto power = static_cast<double>(place + 1);
  if (unit.substr(1) == "B") return value * std::pow(step, power);
  if (unit.substr(1) == "iB") return value * std::pow(binary_step, power);
  return std::nullopt;
}

std::size_t find_column(const std::vector<Column>& columns, const std::string& name) {
  std::vector<std::string> titles;
  for (const auto& column : columns)
    titles.push_back(base::to_lower(std::string_view(column.title)));
  const auto wanted = base::to_lower(std::string_view(name));
  auto found = std::ranges::find(titles, wanted);
  // A field of the JSON document is named at more length than its column.
  if (found == titles.end())
    found = std::ranges::find_if(titles, [&](const std::string& title) {
      return !title.empty() && wanted.starts_with(title + "_");
    });
  if (found != titles.end()) return static_cast<std::size_t>(found - titles.begin());
  std::string all;
  for (const auto& title : titles)
    all += (all.empty() ? "" : ", ") + title;
  const auto near = base::closest_name(wanted, std::span<const std::string>(titles));
  throw base::Error(base::ErrorKind::usage,
                    "unable to sort by '" + name + "': there is no such column",
                    (near ? "Did you mean `" + std::string(*near) + "`? " : std::string()) +
                        "The columns are " + all + ".");
}

}  // namespace

std::optional<double> cell_value(const std::string& text) {
  if (text == "just now") return 0;
  if (text.ends_with(" ago")) {
    const auto seconds = seconds_of(text.substr(0, text.size() - std::string_view(" ago").size()));
    if (seconds) return -*seconds;
  }
  if (text.starts_with("in "))
    if (const auto seconds = seconds_of(text.substr(std::string_view("in ").size())))
      return seconds;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{}) {
    std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (rest.empty() || rest == " %" || rest == "%") return value;
    if (rest.front() == ' ') rest.remove_prefix(1);
    if (const auto bytes = bytes_of(value, rest)) return bytes;
  }
  return seconds_of(text);
}

void Table::sort(const std::vector<std::string>& names) {
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const bool is_reversed = name->starts_with('-');
    const auto column = find_column(columns_, is_reversed ? name->substr(1) : *name);
    const auto is_less = [&](const std::vector<Cell>& left, const std::vector<Cell>& right) {
      const auto a = cell_value(left[column].text), b = cell_value(right[column].text);
      if (a.has_value() != b.has_value()) return a.has_value();
      return a ? *a < *b : left[column].text < right[column].text;
    };
    std::ranges::stable_sort(rows_, [&](const auto& left, const auto& right) {
      return is_reversed ? is_less(right, left) : is_less(left, right);
    });
  }
}

}  // namespace devy::cli
