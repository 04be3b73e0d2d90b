#include "core/platform/web/html/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "core/platform/base/error.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "html_names/part_chart.hpp"

namespace devy::html {
namespace {

// The picture's units; it is stretched to the room there is.
constexpr double picture_width = 600, picture_height = 120;
// A failure is seen beside a thousand operations that ended well.
constexpr double failure_height_min = 6;
constexpr std::size_t axis_labels_max = 5;

constexpr std::array line_classes{"c1", "c2"};
constexpr std::array bar_classes{"b1", "b2"};

void check_chart(const Chart& chart) {
  const bool is_sound = !chart.series.empty() && chart.series.size() <= chart_series_max &&
                        chart.labels.size() <= chart_points_max && !chart.labels.empty() &&
                        std::ranges::all_of(chart.series, [&](const ChartSeries& series) {
                          return series.values.size() == chart.labels.size();
                        });
  if (!is_sound)
    throw base::Error(base::ErrorKind::internal,
                      "unable to draw chart '" + chart.id +
                          "': it wants one or two series, with a value for each of 1 to " +
                          std::to_string(chart_points_max) + " labels");
}

double value_at(const ChartSeries& series, std::size_t at) {
  const double value = series.values[at];
  return std::isfinite(value) ? std::max(value, 0.0) : 0.0;
}

// A length of the picture, "12.5".
std::string length_of(double length) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.1f", length);
  return text.data();
}

// "1 204", "0.4": a digit behind the point where there is something.
std::string amount_text(double value, const std::string& unit) {
  constexpr double shown_max = 1e15;
  value = std::min(value, shown_max);
  const auto tenths = static_cast<std::int64_t>(std::llround(value * 10));
  std::string text = number_text(tenths / 10);
  if (tenths % 10 != 0 && tenths < 1000) text += "." + std::to_string(tenths % 10);
  return unit.empty() ? text : text + " " + unit;
}

// The least of 1, 2, 4, 6, 10 times a power of ten that holds the value, so that its half is even.
double axis_max(double value) {
  if (value <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(value)));
  for (const double step : {1.0, 2.0, 4.0, 6.0})
    if (value <= step * power) return step * power;
  return 10 * power;
}

double highest(const Chart& chart) {
  double found = 0;
  for (std::size_t at = 0; at < chart.labels.size(); ++at) {
    double sum = 0;
    for (const auto& series : chart.series) {
      const double value = value_at(series, at);
      sum = chart.kind == ChartKind::bar ? sum + value : std::max(sum, value);
    }
    found = std::max(found, sum);
  }
  return found;
}

void add_lines(Fill& fill, const Chart& chart, double max) {
  const auto count = chart.labels.size();
  const double step = count > 1 ? picture_width / static_cast<double>(count - 1) : picture_width;
  for (std::size_t number = 0; number < chart.series.size(); ++number) {
    std::string path;
    double last = picture_height;
    for (std::size_t at = 0; at < count; ++at) {
      last = picture_height * (1 - value_at(chart.series[number], at) / max);
      path +=
          (at == 0 ? "M" : "L") + length_of(step * static_cast<double>(at)) + " " + length_of(last);
    }
    if (count == 1) path += "H" + length_of(picture_width);
    auto& line = fill.add(part_chart::line);
    line.set(part_chart::line_class, line_classes.at(number));
    line.set(part_chart::line_path, path);
  }
}

void add_bar(Fill& fill, const char* bar_class, double x, double width, double height) {
  if (height <= 0) return;
  auto& bar = fill.add(part_chart::bar);
  bar.set(part_chart::bar_class, bar_class);
  bar.set(part_chart::bar_x, length_of(x));
  bar.set(part_chart::bar_y, length_of(picture_height - height));
  bar.set(part_chart::bar_width, length_of(width));
  bar.set(part_chart::bar_height, length_of(height));
}

void add_bars(Fill& fill, const Chart& chart, double max) {
  const double step = picture_width / static_cast<double>(chart.labels.size());
  const double width = std::max(step * 0.8, 0.5);
  for (std::size_t at = 0; at < chart.labels.size(); ++at) {
    const double x = step * static_cast<double>(at) + (step - width) / 2;
    double all = 0;
    for (const auto& series : chart.series)
      all += value_at(series, at);
    add_bar(fill, bar_classes[0], x, width, picture_height * all / max);
    if (chart.series.size() < 2) continue;
    const double failed = value_at(chart.series[1], at);
    if (failed > 0)
      add_bar(fill, bar_classes[1], x, width,
              std::max(picture_height * failed / max, failure_height_min));
  }
}

void add_tips(Fill& fill, const Chart& chart) {
  const double width = picture_width / static_cast<double>(chart.labels.size());
  for (std::size_t at = 0; at < chart.labels.size(); ++at) {
    std::string text = chart.labels[at] + ":";
    for (const auto& series : chart.series)
      text += (&series == &chart.series.front() ? " " : ", ") +
              amount_text(value_at(series, at), chart.unit) + " " + series.name;
    auto& tip = fill.add(part_chart::tip);
    tip.set(part_chart::tip_x, length_of(width * static_cast<double>(at)));
    tip.set(part_chart::tip_width, length_of(width));
    tip.set(part_chart::tip_text, text);
  }
}

void add_axes(Fill& fill, const Chart& chart, double max) {
  for (const double part : {1.0, 0.5, 0.0})
    fill.add(part_chart::y_label)
        .set(part_chart::y_text, part == 0 ? "0" : amount_text(max * part, chart.unit));
  const auto last = chart.labels.size() - 1;
  const auto shown = std::min(last, axis_labels_max - 1);
  for (std::size_t number = 0; number <= shown; ++number)
    fill.add(part_chart::x_label)
        .set(part_chart::x_text, chart.labels[shown == 0 ? 0 : last * number / shown]);
}

void add_table(Fill& fill, const Chart& chart) {
  for (std::size_t number = 0; number < chart.series.size(); ++number) {
    const bool is_bar = chart.kind == ChartKind::bar;
    auto& series = fill.add(part_chart::series);
    series.set(part_chart::series_name, chart.series[number].name);
    series.set(part_chart::series_class, is_bar ? bar_classes.at(number) : line_classes.at(number));
    series.show(is_bar ? part_chart::as_bar : part_chart::as_line);
  }
  for (std::size_t at = 0; at < chart.labels.size(); ++at) {
    auto& point = fill.add(part_chart::point);
    point.set(part_chart::point_label, chart.labels[at]);
    for (const auto& series : chart.series)
      point.add(part_chart::point_value)
          .set(part_chart::value_text, amount_text(value_at(series, at), chart.unit));
  }
}

}  // namespace

void fill_chart(Fill& fill, const Chart& chart) {
  check_chart(chart);
  const double max = axis_max(highest(chart));
  fill.set(part_chart::chart_id, chart.id);
  fill.set(part_chart::chart_title, chart.title);
  fill.set(part_chart::chart_note, chart.note);
  fill.set(part_chart::chart_summary, chart.summary);
  fill.set(part_chart::label_head, chart.label_head);
  if (chart.kind == ChartKind::bar) add_bars(fill, chart, max);
  else add_lines(fill, chart, max);
  add_tips(fill, chart);
  add_axes(fill, chart, max);
  add_table(fill, chart);
}

}  // namespace devy::html
