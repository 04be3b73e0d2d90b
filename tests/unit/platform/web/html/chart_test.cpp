#include "core/platform/web/html/chart.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/platform/base/error.hpp"
#include "html_names/part_chart.hpp"

namespace devy::html {
namespace {

std::string drawn(const Chart& chart) {
  Fill fill;
  fill_chart(fill, chart);
  return render(part_chart::template_file, fill);
}

Chart bars() {
  Chart chart;
  chart.kind = ChartKind::bar;
  chart.id = "ended";
  chart.title = "Operations ended";
  chart.summary = "Two hours: 1204, then none";
  chart.label_head = "Hour";
  chart.labels = {"13:00", "14:00"};
  chart.series = {{"ended well", {1200, 0}}, {"failed", {4, 0}}};
  return chart;
}

bool has(const std::string& html, const std::string& text) {
  return html.find(text) != std::string::npos;
}

TEST(Chart, ShowsFailuresThatAreFew) {
  const auto html = drawn(bars());
  EXPECT_TRUE(has(html, R"(<rect class="b1" x="30.0" y="47.8" width="240.0" height="72.2"/>)"))
      << html;
  EXPECT_TRUE(has(html, R"(<rect class="b2" x="30.0" y="114.0" width="240.0" height="6.0"/>)"))
      << html;
  EXPECT_EQ(html.find(R"(x="330.0" y="120)"), std::string::npos) << html;
}

TEST(Chart, SaysItsNumbersInWords) {
  const auto html = drawn(bars());
  EXPECT_TRUE(has(html, R"(role="img" aria-label="Two hours: 1204, then none")")) << html;
  EXPECT_TRUE(has(html, "<title>13:00: 1\u202F200 ended well, 4 failed</title>")) << html;
  EXPECT_TRUE(
      has(html,
          "<th scope=\"row\">13:00</th><td class=\"num\">1\u202F200</td><td class=\"num\">4</td>"))
      << html;
  EXPECT_TRUE(has(html, "<li>2\u202F000</li><li>1\u202F000</li><li>0</li>")) << html;
}

TEST(Chart, DrawsLinesFromSideToSide) {
  auto chart = bars();
  chart.kind = ChartKind::line;
  chart.unit = "s";
  chart.labels = {"a", "b", "c"};
  chart.series = {{"p50", {0, 0.5, 1}}, {"p99", {1, 2, NAN}}};
  const auto html = drawn(chart);
  EXPECT_TRUE(has(html, R"(<path class="c1" d="M0.0 120.0L300.0 90.0L600.0 60.0"/>)")) << html;
  EXPECT_TRUE(has(html, R"(<path class="c2" d="M0.0 60.0L300.0 0.0L600.0 120.0"/>)")) << html;
  EXPECT_TRUE(has(html, "<td class=\"num\">0.5 s</td>")) << html;
}

TEST(Chart, StandsWithNothingToShow) {
  auto chart = bars();
  chart.labels = {"13:00"};
  chart.series = {{"ended well", {0}}};
  const auto html = drawn(chart);
  EXPECT_EQ(html.find("<rect class=\"b"), html.find("<rect class=\"b1\" x=\"4\"")) << html;
}

TEST(Chart, RefusesSeriesThatDoNotFit) {
  auto few = bars();
  few.series[1].values.pop_back();
  auto many = bars();
  many.labels.assign(chart_points_max + 1, "x");
  many.series = {{"a", std::vector<double>(chart_points_max + 1)}};
  auto none = bars();
  none.series.clear();
  for (const auto& chart : {few, many, none})
    EXPECT_THROW((void)drawn(chart), base::Error);
}

}  // namespace
}  // namespace devy::html
