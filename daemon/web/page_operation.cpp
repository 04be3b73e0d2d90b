#include "daemon/web/page_operation.hpp"

#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/history.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/operation_head.hpp"
#include "daemon/web/page_operation_act.hpp"
#include "daemon/web/publishing_page_upload.hpp"
#include "daemon/web/seen_operation.hpp"
#include "daemon/web/sync_page_operation.hpp"
#include "html_names/operation.hpp"
#include "html_names/part_log.hpp"
#include "html_names/part_operation_head.hpp"

namespace devy::daemon {
namespace {

namespace operation_names = html::operation;
namespace part_log_names = html::part_log;

using base::Error;
using base::ErrorKind;

constexpr int head_poll_seconds = 2;
// A page shows the newest of a long history; the rest is behind a link.
constexpr std::size_t log_entries_shown = 200;
constexpr std::size_t attempts_shown = 20;
constexpr std::size_t commit_shown = 10;

// ---- the log

void say_event(html::Sentence sentence, const queue::EventRow& event) {
  sentence.state(event.state);
  if (event.step) sentence.text(" at " + *event.step);
  if (event.attempt > 0) sentence.soft(", attempt " + std::to_string(event.attempt));
  if (event.code) sentence.text(": ").code(*event.code);
  if (event.message) sentence.text(" ").text(base::redact(*event.message));
  if (event.pointer)
    sentence.text(", see ").code_link(html::own_url({"operations", *event.pointer}),
                                      event.pointer->substr(0, 8));
  if (event.reason) sentence.text(", ").text(base::redact(*event.reason));
  if (event.by) sentence.soft(", by " + *event.by);
}

html::Url page_url(const Visit& visit, std::vector<html::QueryField> query = {}) {
  return html::own_url({"operations", visit.request.path_values.at(0)}, query);
}

void fill_log(html::Fill& fill, const Visit& visit, const web::OperationDetail& detail,
              const std::vector<queue::EventRow>& events, int after) {
  const bool is_whole = visit.query.line("log") == "whole";
  const auto hidden =
      is_whole || events.size() <= log_entries_shown ? 0 : events.size() - log_entries_shown;
  for (std::size_t n = hidden; n < events.size(); ++n) {
    auto& entry = fill.add(part_log_names::entry);
    html::set_exact_clock(entry, {part_log_names::entry_utc, part_log_names::entry_at},
                          events[n].at, visit.now);
    say_event(html::Sentence(entry, part_log_names::entry_text), events[n]);
    if (n != hidden || hidden == 0) continue;
    auto& gap = entry.add(part_log_names::gap);
    gap.set(part_log_names::gap_words,
            html::number_text(static_cast<std::int64_t>(hidden)) + " earlier ");
    gap.set_url(part_log_names::gap_url, page_url(visit, {{"log", "whole"}}));
    gap.set(part_log_names::gap_link_words, "Show the whole log");
  }
  if (has_ended(detail.line.state)) return;
  const int last = events.empty() ? after : events.back().seq;
  auto& live = fill.add(part_log_names::live);
  live.set_url(part_log_names::after_url, page_url(visit, {{"after", std::to_string(last)}}));
  live.set(part_log_names::poll_seconds, std::int64_t{head_poll_seconds} * visit.poll_factor);
}

// ---- facts

void fill_facts(html::Fill& fill, const Visit& visit, const web::OperationDetail& detail) {
  const auto& line = detail.line;
  html::Facts facts(fill, operation_names::facts);
  facts.add_id("Id", line.id);
  facts.add("Kind").text(line.kind);
  auto resource = facts.add("Resource");
  resource.text(line.resource_kind + " ").code(line.key);
  if (visit.is_operator())
    resource.text(" ").link(
        html::own_url({"queue", "pause"}, {{"resource", std::to_string(detail.resource)}}),
        detail.is_resource_paused ? "Resume…" : "Pause…");
  if (!line.owner.empty()) {
    auto owner = facts.add("Owner");
    owner.text(line.owner);
    if (visit.is_operator() && detail.direction == "outbound")
      owner.text(" ").link(
          html::own_url({"queue", "pause"},
                        {{"owner", line.owner}, {"direction", detail.direction}, {"act", "pause"}}),
          "Close the gate…");
  }
  auto trigger = facts.add("Trigger");
  trigger.text(line.source);
  if (detail.requested_by) trigger.text(" by " + *detail.requested_by);
  if (detail.reason && !detail.reason->empty())
    facts.add("Reason").text(base::redact(*detail.reason));
  if (detail.cancel_reason) facts.add("Cancelled").text(base::redact(*detail.cancel_reason));
  if (detail.fetched_revision)
    facts.add("Revision").code(detail.fetched_revision->substr(0, commit_shown));
  else if (detail.announced_revision)
    facts.add("Revision")
        .code(detail.announced_revision->substr(0, commit_shown))
        .soft(" announced");
  facts.add("Recorded").clock(line.created_at, visit.now);
  if (line.started_at) {
    facts.add("Started").clock(*line.started_at, visit.now);
    facts.add("Took").text(
        html::duration_text(line.finished_at.value_or(visit.now) - *line.started_at));
  }
  if (detail.worker) facts.add("Worker").text(*detail.worker);
  facts.add("Lane").text(detail.lane + ", " + detail.direction);
  facts.add("Priority").text(std::to_string(detail.priority));
  if (detail.replays > 0) facts.add("Replayed").text(std::to_string(detail.replays) + " times");
  if (!detail.is_enabled) facts.add("Resource is").state("disabled");
}

void fill_pointers(html::Fill& fill, const web::OperationDetail& detail) {
  if (detail.points_to.empty() && detail.pointed_to_by.empty()) return;
  html::Facts facts(fill.add(operation_names::pointers), operation_names::pointer_facts);
  for (const auto* pointers : {&detail.points_to, &detail.pointed_to_by})
    for (const auto& pointer : *pointers)
      facts.add(pointer.relation)
          .code_link(html::own_url({"operations", pointer.id}), pointer.id.substr(0, 8))
          .text(" ")
          .state(pointer.state);
}

void fill_attempts(html::Fill& fill, const Visit& visit,
                   const std::vector<queue::AttemptRow>& attempts) {
  if (attempts.empty()) return;
  auto& table = fill.add(operation_names::attempts);
  std::size_t shown = 0;
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend() && shown < attempts_shown;
       ++attempt, ++shown) {
    auto& row = table.add(operation_names::attempt);
    row.set(operation_names::number_text, std::to_string(attempt->number));
    html::set_state(row, {operation_names::ended_mark, operation_names::ended},
                    attempt->outcome.value_or("processing"));
    row.set(operation_names::worker, attempt->worker);
    row.set(operation_names::step, attempt->step.value_or(std::string(html::none_text)));
    row.set(operation_names::took,
            html::duration_text(attempt->ended_at.value_or(visit.now) - attempt->started_at));
    html::Sentence error(row, operation_names::attempt_error);
    if (attempt->error_code) error.code(*attempt->error_code);
    if (attempt->error_text) error.text(" ").text(base::redact(*attempt->error_text));
    if (attempt->repeats > 0)
      error.soft(" and " + std::to_string(attempt->repeats) + " like it before");
  }
}

// ---- the parts that follow a running operation

http::Response answer_head(Visit& visit, const web::OperationDetail& detail,
                           const std::string& subject, const std::string& digest) {
  namespace part_operation_head_names = html::part_operation_head;
  if (visit.query.line("seen") == digest) return server::empty_response();
  html::Fill fill;
  fill_operation_head(fill, visit, detail, subject, visit.csrf);
  if (!has_ended(detail.line.state)) {
    auto& live = fill.add(part_operation_head_names::live);
    live.set_url(part_operation_head_names::part_url, page_url(visit, {{"seen", digest}}));
    live.set(part_operation_head_names::poll_seconds,
             std::int64_t{head_poll_seconds} * visit.poll_factor);
  }
  return part_response(part_operation_head_names::template_file, fill);
}

http::Response answer_log(Visit& visit, const web::OperationDetail& detail,
                          std::string_view after_text) {
  int after = 0;
  const auto read =
      std::from_chars(after_text.data(), after_text.data() + after_text.size(), after);
  if (read.ec != std::errc() || after < 0)
    throw Error(ErrorKind::usage, "unable to read the log: after is no number");
  const auto events = queue::list_events_behind(visit.connection,
                                                base::OperationId::trusted(detail.line.id), after);
  if (events.empty() && !has_ended(detail.line.state)) return server::empty_response();
  html::Fill fill;
  fill_log(fill, visit, detail, events, after);
  return part_response(part_log_names::template_file, fill);
}

}  // namespace

http::Response show_operation(Visit& visit) {
  namespace part_operation_head_names = html::part_operation_head;
  const auto detail = find_seen_operation(visit);
  if (const auto after = visit.query.line("after"); after && visit.wants_part())
    return answer_log(visit, detail, *after);
  const auto subject = subject_of(visit, detail.line.id);
  html::Fill said;
  fill_operation_head(said, visit, detail, subject, "");
  const auto digest = live_digest(part_operation_head_names::template_file, said);
  if (visit.wants_part()) return answer_head(visit, detail, subject, digest);

  const bool is_running = !has_ended(detail.line.state);
  Frame frame(
      visit,
      {.title = operation_title(detail, subject), .path = "/operations", .is_running = is_running});
  if (const auto text = done_text(visit.query.line("done").value_or("")); !text.empty())
    frame.notice("Done", text);
  auto& content = frame.content(operation_names::template_file);
  auto& shown_head =
      content.include(operation_names::head, part_operation_head_names::template_file);
  fill_operation_head(shown_head, visit, detail, subject, visit.csrf);
  if (is_running) {
    auto& live = shown_head.add(part_operation_head_names::live);
    live.set_url(part_operation_head_names::part_url, page_url(visit, {{"seen", digest}}));
    live.set(part_operation_head_names::poll_seconds,
             std::int64_t{head_poll_seconds} * visit.poll_factor);
  }
  const auto id = base::OperationId::trusted(detail.line.id);
  fill_log(content.include(operation_names::log, part_log_names::template_file), visit, detail,
           queue::list_events(visit.connection, id), 0);
  fill_attempts(content, visit, queue::list_attempts(visit.connection, id));
  fill_upload(content, visit, detail);
  fill_sides(content, visit, detail);
  fill_facts(content, visit, detail);
  fill_pointers(content, detail);
  return frame.response();
}

}  // namespace devy::daemon
