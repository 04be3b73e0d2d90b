#include "tests/chaos/series.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace devy::testing {
namespace {

constexpr std::size_t warm_up_share = 5;  // a fifth: processes, caches and tables fill first

std::vector<double> part(const std::vector<double>& values, std::size_t from, std::size_t to) {
  return {values.begin() + static_cast<std::ptrdiff_t>(from),
          values.begin() + static_cast<std::ptrdiff_t>(to)};
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::size_t Series::warm_from() const {
  return values.size() / warm_up_share;
}

double Series::first_third() const {
  const auto from = warm_from();
  return median(part(values, from, from + (values.size() - from) / 3));
}

double Series::last_third() const {
  const auto length = (values.size() - warm_from()) / 3;
  return median(part(values, values.size() - length, values.size()));
}

double Series::most() const {
  return values.empty() ? 0 : *std::ranges::max_element(values);
}

bool Series::has_grown() const {
  return last_third() > first_third() * (1 + tolerance.share) + tolerance.extra;
}

std::string table_of(const std::vector<Series>& all) {
  std::array<char, 160> line{};
  std::string text;
  const auto add = [&](auto... values) {
    std::snprintf(line.data(), line.size(), values...);
    text += line.data();
  };
  add("%-34s %12s %12s %12s %12s\n", "", "first third", "last third", "most", "allowed");
  for (const auto& series : all)
    add("%-34s %12.1f %12.1f %12.1f %12.1f%s\n", series.name.c_str(), series.first_third(),
        series.last_third(), series.most(),
        series.first_third() * (1 + series.tolerance.share) + series.tolerance.extra,
        series.has_grown() ? "  GREW" : "");
  return text;
}

}  // namespace devy::testing
