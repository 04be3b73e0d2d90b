#include "tests/support/web/sample_page.hpp"

#include <map>
#include <stdexcept>

#include "core/platform/web/html/chart.hpp"
#include "core/platform/web/html/embedded_templates.hpp"
#include "core/platform/web/html/template_rules.hpp"
#include "tests/support/web/sample_text.hpp"

namespace devy::testing {
namespace {

using html::Fill;
using html::TemplateNames;

// Kept for the whole process: fills hold views of the names.
const TemplateNames& names_of(std::string_view file) {
  static const auto all = [] {
    std::map<std::string_view, TemplateNames> names;
    for (const auto& source : html::embedded_templates())
      names.emplace(source.file, html::check_template(source.file, source.text));
    return names;
  }();
  return all.at(file);
}

// Shown only when asked for, for they exclude what a page usually has.
const std::set<std::string> exceptions{
    "EMPTY",   "NO_GATES", "NO_ERRORS",   "MADE_NOTHING", "NO_PAYLOAD",   "IDLE",
    "NO_END",  "REFRESH",  "LIVE",        "REASON_WRONG", "LINK",         "NO_POSTS",
    "WIDE",    "OTHER",    "AS_LINE",     "SLUG_WRONG",   "BRANCH_WRONG", "FIRST_STEPS",
    "APPROVE", "WHOLE_ID", "LOGIN_WRONG", "NUMBER_WRONG"};

const std::map<std::string, std::size_t> repetitions{
    {"ROW", 12},       {"STATE_CHIP", 10},  {"FILTER", 2},
    {"NAV_GROUP", 2},  {"NAV_LINK", 6},     {"ENTRY", 9},
    {"ATTEMPT", 3},    {"CHANGE", 4},       {"FACT", 6},
    {"PIECE", 3},      {"STEP_ITEM", 4},    {"FILE_ERROR", 2},
    {"EXAMPLE", 10},   {"NEED", 3},         {"FIGURE", 6},
    {"RUN", 5},        {"DAEMON", 3},       {"WORKER", 3},
    {"KIND_ROW", 8},   {"GATE", 2},         {"ERROR_ROW", 3},
    {"RANGE", 3},      {"VERDICT_CHIP", 4}, {"MADE_ROW", 2},
    {"HEADER", 2},     {"BLOG", 3},         {"UPLOAD", 4},
    {"POST", 4},       {"SESSION", 3},      {"WAY", 2},
    {"FIRST_STEP", 3}, {"KIND_OPTION", 3},  {"REPOSITORY_OPTION", 2},
    {"GIST", 4},       {"NEWS_ROW", 2},     {"REFUSED_ROW", 2},
    {"FILE", 2}};

const std::vector<std::string> piece_kinds{"PLAIN", "CODE",      "LINK", "STATE", "CLOCK",
                                           "SOFT",  "CODE_LINK", "AGE",  "STRONG"};

html::Chart sample_chart(std::size_t number) {
  html::Chart chart;
  chart.kind = number % 2 == 0 ? html::ChartKind::bar : html::ChartKind::line;
  chart.id = "sample-" + std::to_string(number);
  chart.title = std::vector<std::string>{"Operations ended", "Wait before a worker starts it",
                                         "Deliveries", "Age of the oldest waiting"}[number % 4];
  chart.note = number % 2 == 0 ? "212 a minute, 0 failed" : "p50 0.4 s, p99 2.9 s";
  chart.summary = "The last hour: even, with a peak around 14:07";
  chart.unit = number % 2 == 0 ? "" : "s";
  chart.label_head = "Minute";
  chart.series = number % 2 == 0
                     ? std::vector<html::ChartSeries>{{"ended well", {}}, {"failed", {}}}
                     : std::vector<html::ChartSeries>{{"p50", {}}, {"p99", {}}};
  for (int minute = 0; minute < 60; ++minute) {
    chart.labels.push_back(
        (minute < 27 ? "13:" : "14:") +
        std::to_string(minute < 27 ? 33 + minute : minute - 27 + 100).substr(minute < 27 ? 0 : 1));
    chart.series[0].values.push_back(number % 2 == 0 ? 150 + minute * 37 % 90
                                                     : 0.3 + minute % 3 * 0.1);
    chart.series[1].values.push_back(number % 2 == 0 ? (minute > 30 && minute < 34 ? 9 : 0)
                                                     : 2.5 + minute * 13 % 10 * 0.2);
  }
  return chart;
}

class SampleFill {
 public:
  SampleFill(html::Template page, const SampleOptions& options) : page_(page), options_(options) {}

  void fill(Fill& fill, std::string_view file, const TemplateNames& names, std::size_t number) {
    for (const auto& name : names.values)
      set(fill, file, name, number);
    for (const auto& name : names.includes)
      include(fill, file, name);
    for (const auto& [name, inside] : names.sections)
      add(fill, file, name, inside, number);
  }

 private:
  static bool ends(std::string_view name, std::string_view ending) {
    return name == ending || name.ends_with("_" + std::string(ending));
  }

  void set(Fill& fill, std::string_view file, const std::string& name, std::size_t number) {
    if (name.ends_with("_CSS_URL")) return fill.set_url({name}, html::asset_url("app.css"));
    if (name == "APP_JS_URL") return fill.set_url({name}, html::asset_url("app.js"));
    if (name == "FILES_JS_URL") return fill.set_url({name}, html::asset_url("files.js"));
    if (name == "HTMX_URL") return fill.set_url({name}, html::asset_url("htmx.js"));
    if (ends(name, "URL"))
      return fill.set_url(
          {name}, options_.url ? options_.url(name) : html::own_url({"pages", "operation"}));
    if (name.ends_with("SECONDS")) return fill.set(html::NumberName{name}, options_.poll_seconds);
    if (name.ends_with("_NUMBER")) return fill.set(html::NumberName{name}, 34);
    if (name.ends_with("_MAX")) return fill.set(html::NumberName{name}, 61);
    if (options_.text && name != "CSRF" && !name.ends_with("_ID"))
      return fill.set(html::Name{name}, options_.text(name));
    fill.set(html::Name{name}, sample_text(file, name, number));
  }

  void include(Fill& fill, std::string_view file, const std::string& name) {
    if (name == "CHART" || name == "THROUGHPUT") {
      for (std::size_t count = 0; count < (name == "CHART" ? 4U : 1U); ++count)
        html::fill_chart(fill.include({name}, {"part_chart"}), sample_chart(charts_++));
      return;
    }
    const std::string own = "part_" + std::string(page_.file);
    std::string included = "part_sentence";
    if (name == "LIST") included = own;
    if (name == "NOW") included = own + "_now";
    if (name == "HEAD") included = own + "_head";
    if (name == "LOG") included = "part_log";
    if (name == "LOAD") included = "part_load";
    if (name == "NOTICE") included = "part_notice";
    if (name == "CONTENT") included = page_.file;
    if (ends(name, "FACTS") && name != "ERROR_FACTS") included = "part_facts";
    if (file == "layout" && name == "NOTICE" && page_.file != "operations") return;
    for (const auto& source : html::embedded_templates()) {
      if (source.file != included) continue;
      this->fill(fill.include({name}, {source.file}), source.file, names_of(source.file),
                 sentences_++);
      return;
    }
    throw std::runtime_error("no template for " + name + " of " + std::string(file));
  }

  bool is_hidden(const std::string& name) const {
    if (options_.shown.contains(name)) return false;
    return exceptions.contains(name) || options_.hidden.contains(name);
  }

  void add(Fill& fill, std::string_view file, const std::string& name, const TemplateNames& inside,
           std::size_t number) {
    if (name == "CURRENT" || name == "COUNT" || name == "SELECTED" || name == "PAUSED" ||
        name == "CUT") {
      // The second of a list.
      if (number == 1) this->fill(fill.add({name}), file, inside, number);
      return;
    }
    if (name == "GAP" && number != 4) return;
    if (name == "OWN" || name == "OTHER") {
      if ((name == "OWN") == (number == 0)) this->fill(fill.add({name}), file, inside, number);
      return;
    }
    if (file == "part_facts" && (name == "SENTENCE" || name == "WHOLE_ID")) {
      if ((name == "WHOLE_ID") == (number == 0)) this->fill(fill.add({name}), file, inside, number);
      return;
    }
    if (name == "AS_BAR" || is_hidden(name)) return;
    const auto found = repetitions.find(name);
    const std::size_t count = found == repetitions.end() ? 1 : found->second;
    for (std::size_t index = 0; index < count; ++index) {
      auto& added = fill.add({name});
      if (name == "PIECE") add_piece(added, file, inside, number + index);
      else this->fill(added, file, inside, count == 1 ? number : index);
    }
  }

  void add_piece(Fill& piece, std::string_view file, const TemplateNames& kinds,
                 std::size_t number) {
    const auto kind = number % piece_kinds.size();
    auto& words = piece.add({piece_kinds[kind]});
    fill(words, file, kinds.sections.at(piece_kinds[kind]), kind);
    piece.add({"PLAIN"}).set(html::Name{"WORDS"}, " ");
  }

  html::Template page_;
  const SampleOptions& options_;
  std::size_t sentences_ = 0, charts_ = 0;
};

}  // namespace

std::string sample_page(html::Template page, const SampleOptions& options) {
  const html::Template layout{options.is_plain ? "layout_plain" : "layout"};
  Fill fill;
  SampleFill(page, options).fill(fill, layout.file, names_of(layout.file), 0);
  return html::render(layout, fill);
}

std::string sample_part(html::Template part, const SampleOptions& options) {
  Fill fill;
  SampleFill(part, options).fill(fill, part.file, names_of(part.file), 0);
  return html::render(part, fill);
}

}  // namespace devy::testing
