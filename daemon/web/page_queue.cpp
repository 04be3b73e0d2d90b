#include "daemon/web/page_queue.hpp"

#include <algorithm>
#include <array>

#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/chart.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/systems.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/queue_snapshot.hpp"
#include "html_names/part_chart.hpp"
#include "html_names/part_queue_now.hpp"
#include "html_names/queue.hpp"

// The page; pausing is page_queue_pause.cpp's.

namespace devy::daemon {
namespace {

namespace queue_names = html::queue;
namespace part_queue_now_names = html::part_queue_now;

constexpr int queue_poll_seconds = 5;

struct RangeChip {
  std::string_view value, words, label_head;
  queue::SpanLength length;
  int spans;
};
constexpr std::array<RangeChip, 3> range_chips{{
    {"", "1 h", "Minute", queue::SpanLength::minute, 60},
    {"24h", "24 h", "Quarter of an hour", queue::SpanLength::quarter_hour, 96},
    {"30d", "30 d", "Day", queue::SpanLength::day, 30},
}};

const RangeChip& asked_range(const Visit& visit) {
  const auto asked = visit.query.line("range").value_or("");
  for (const auto& chip : range_chips)
    if (chip.value == asked) return chip;
  return range_chips.front();
}

html::Url queue_url(std::string_view range, std::string name = {}, std::string value = {}) {
  std::vector<html::QueryField> fields;
  if (!range.empty()) fields.push_back({"range", std::string(range)});
  if (!name.empty()) fields.push_back({std::move(name), std::move(value)});
  return html::own_url({"queue"}, fields);
}

// "0.4 / 2.9 s"
std::string quantiles_text(const queue::Histogram& histogram) {
  const auto half = queue::quantile_ms(histogram, 0.5), most = queue::quantile_ms(histogram, 0.99);
  if (!half || !most) return std::string(html::none_text);
  const auto text = [](double ms) {
    return html::duration_text(std::chrono::microseconds(static_cast<std::int64_t>(ms * 1000)));
  };
  return text(*half) + " / " + text(*most);
}

std::int64_t open_of(const QueueSnapshot& snapshot, std::string_view kind,
                     std::initializer_list<std::string_view> states) {
  std::int64_t count = 0;
  for (const auto& entry : snapshot.open)
    for (const auto state : states)
      if (entry.kind == kind && entry.state == state) count += entry.count;
  return count;
}

bool is_kind_paused(const QueueSnapshot& snapshot, std::string_view kind) {
  return std::ranges::any_of(snapshot.state.gates, [&](const web::ClosedGate& gate) {
    return gate.sort == web::GateSort::kind && gate.id == kind;
  });
}

void fill_kinds(html::Fill& fill, const QueueSnapshot& snapshot) {
  for (const auto* kind : systems::kinds_by_name()) {
    auto& row = fill.add(part_queue_now_names::kind_row);
    row.set(part_queue_now_names::kind, kind->name);
    row.set(part_queue_now_names::direction, kind->lane);
    row.set(part_queue_now_names::waiting,
            html::number_text(open_of(snapshot, kind->name, {"received", "verified", "held"})));
    row.set(part_queue_now_names::running,
            html::number_text(open_of(snapshot, kind->name, {"scheduled", "processing"})));
    const web::KindFigures none;
    const auto* figures = &none;
    for (const auto& known : snapshot.state.kinds)
      if (known.kind == kind->name) figures = &known;
    row.set(part_queue_now_names::wait_text, quantiles_text(figures->wait));
    row.set(part_queue_now_names::run_text, quantiles_text(figures->run));
    row.set(part_queue_now_names::failed, html::number_text(figures->failed));
    const bool is_paused = is_kind_paused(snapshot, kind->name);
    if (snapshot.health.is_paused || is_paused) row.show(part_queue_now_names::paused);
    auto& may_switch = row.add(part_queue_now_names::may_switch);
    may_switch.set_url(part_queue_now_names::switch_url,
                       html::own_url({"queue", "pause"}, {{"kind", kind->name}}));
    may_switch.set(part_queue_now_names::switch_words, is_paused ? "Resume…" : "Pause…");
  }
}

// An API's limit is GitHub's, and no operator's to lift.
void offer_to_open(html::Fill& row, const web::ClosedGate& gate) {
  if (gate.sort == web::GateSort::api) return;
  std::vector<html::QueryField> fields;
  if (gate.sort == web::GateSort::kind) fields = {{"kind", gate.id}};
  if (gate.sort == web::GateSort::resource) fields = {{"resource", gate.id}};
  if (gate.sort == web::GateSort::owner) fields = {{"owner", gate.id}, {"direction", gate.what}};
  auto& open = row.add(part_queue_now_names::open_gate);
  open.set_url(part_queue_now_names::open_url, html::own_url({"queue", "pause"}, fields));
  open.set(part_queue_now_names::open_words,
           gate.sort == web::GateSort::owner ? "Open…" : "Resume…");
}

void fill_gates(html::Fill& fill, const QueueSnapshot& snapshot) {
  if (snapshot.state.gates.empty()) {
    fill.show(part_queue_now_names::no_gates);
    return;
  }
  auto& gates = fill.add(part_queue_now_names::gates);
  for (const auto& gate : snapshot.state.gates) {
    auto& row = gates.add(part_queue_now_names::gate);
    row.set(part_queue_now_names::gate_name, gate.name);
    row.set(part_queue_now_names::gate_what, gate.what);
    html::Sentence(row, part_queue_now_names::gate_why).text(gate.reason);
    if (gate.not_before)
      html::set_clock(row.add(part_queue_now_names::ends),
                      {part_queue_now_names::ends_utc, part_queue_now_names::ends_text},
                      *gate.not_before, snapshot.read_at);
    else row.show(part_queue_now_names::no_end);
    offer_to_open(row, gate);
  }
}

void fill_errors(html::Fill& fill, const QueueSnapshot& snapshot) {
  if (snapshot.state.errors.empty()) {
    fill.show(part_queue_now_names::no_errors);
    return;
  }
  auto& errors = fill.add(part_queue_now_names::errors);
  for (const auto& error : snapshot.state.errors) {
    auto& row = errors.add(part_queue_now_names::error_row);
    row.set_url(part_queue_now_names::error_url,
                html::own_url({"operations"}, {{"state", "failed"}, {"code", error.code}}));
    row.set(part_queue_now_names::error_code, error.code);
    row.set(part_queue_now_names::ended_count, html::number_text(error.count));
    html::set_age(row, {part_queue_now_names::last_utc, part_queue_now_names::last}, error.last_at,
                  snapshot.read_at);
  }
}

void fill_queue_now(html::Fill& fill, const QueueSnapshot& snapshot) {
  fill_kinds(fill, snapshot);
  fill_gates(fill, snapshot);
  fill_errors(fill, snapshot);
}

void fill_charts(html::Fill& content, Visit& visit, const RangeChip& range) {
  const auto spans = queue::read_spans(visit.connection, range.length, range.spans, std::nullopt);
  html::Chart ended;
  ended.kind = html::ChartKind::bar;
  ended.id = "ended";
  ended.title = "Ended";
  ended.summary = "Operations that completed and that failed.";
  ended.label_head = range.label_head;
  ended.series = {{"completed", {}}, {"failed", {}}};
  html::Chart waits;
  waits.kind = html::ChartKind::line;
  waits.id = "waits";
  waits.title = "From trigger to end";
  waits.summary = "Within how many seconds half, and 99 of 100, had completed.";
  waits.unit = "s";
  waits.label_head = range.label_head;
  waits.series = {{"half", {}}, {"99 %", {}}};
  for (const auto& span : spans) {
    const auto label = html::clock_text(span.begins_at, visit.now);
    for (auto* chart : {&ended, &waits})
      chart->labels.push_back(range.length == queue::SpanLength::minute ? label.substr(0, 5)
                                                                        : label);
    ended.series[0].values.push_back(static_cast<double>(span.completed));
    ended.series[1].values.push_back(static_cast<double>(span.failed));
    waits.series[0].values.push_back(queue::quantile_ms(span.wait, 0.5).value_or(0) / 1000);
    waits.series[1].values.push_back(queue::quantile_ms(span.wait, 0.99).value_or(0) / 1000);
  }
  for (const auto* chart : {&ended, &waits})
    html::fill_chart(content.include(queue_names::chart, html::part_chart::template_file), *chart);
}

void make_queue_live(html::Fill& fill, const Visit& visit, const RangeChip& range,
                     const std::string& digest) {
  auto& live = fill.add(part_queue_now_names::live);
  live.set_url(part_queue_now_names::part_url, queue_url(range.value, "seen", digest));
  live.set(part_queue_now_names::poll_seconds,
           std::int64_t{queue_poll_seconds} * visit.poll_factor);
}

void say_queue(html::Sentence text, const QueueSnapshot& snapshot) {
  if (snapshot.health.is_paused) {
    text.strong("It is paused: nothing begins until somebody resumes it.");
    return;
  }
  const auto waiting = snapshot.count("verified") + snapshot.count("received");
  text.text("It flows. " + html::number_text(waiting) + (waiting == 1 ? " waits" : " wait"));
  if (snapshot.health.oldest_waiting_seconds > 0)
    text.text(", the oldest for " +
              html::duration_text(std::chrono::microseconds(
                  static_cast<std::int64_t>(snapshot.health.oldest_waiting_seconds * 1e6))));
  text.text(".");
}

}  // namespace

http::Response show_queue(Visit& visit) {
  const auto& range = asked_range(visit);
  const auto snapshot = visit.queue.get(visit.connection);
  html::Fill said;
  fill_queue_now(said, *snapshot);
  const auto digest = live_digest(part_queue_now_names::template_file, said);
  if (visit.wants_part()) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    make_queue_live(said, visit, range, digest);
    return part_response(part_queue_now_names::template_file, said);
  }
  Frame frame(visit, {.title = "Queue", .path = "/queue"});
  if (visit.query.line("done") == "paused")
    frame.notice("Done", "What runs goes on to its end; nothing else of it begins from now on.");
  if (visit.query.line("done") == "resumed") frame.notice("Done", "It flows again.");
  auto& content = frame.content(queue_names::template_file);
  say_queue(html::Sentence(content, queue_names::queue_text), *snapshot);
  for (const auto& chip : range_chips) {
    auto& shown = content.add(queue_names::range);
    shown.set_url(queue_names::range_url, queue_url(chip.value));
    shown.set(queue_names::range_words, chip.words);
    if (&chip == &range) shown.show(queue_names::current);
  }
  auto& may_pause = content.add(queue_names::may_pause);
  may_pause.set_url(queue_names::pause_url, html::own_url({"queue", "pause"}));
  may_pause.set(queue_names::pause_words,
                snapshot->health.is_paused ? "Resume all…" : "Pause all…");
  auto& now = content.include(queue_names::now, part_queue_now_names::template_file);
  fill_queue_now(now, *snapshot);
  make_queue_live(now, visit, range, digest);
  fill_charts(content, visit, range);
  return frame.response();
}

}  // namespace devy::daemon
