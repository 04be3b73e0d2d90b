#include "daemon/web/operation_head.hpp"

#include "core/platform/base/secret.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/platform/web/bulk_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "html_names/part_operation_head.hpp"

namespace devy::daemon {
namespace {

namespace part_operation_head_names = html::part_operation_head;

// "mirror_fetch" → "Mirror fetch".
std::string kind_words(std::string words) {
  for (auto& letter : words)
    if (letter == '_') letter = ' ';
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] -= 'a' - 'A';
  return words;
}

void say_state(html::Sentence sentence, const Visit& visit, const web::OperationDetail& detail) {
  const auto& line = detail.line;
  if (line.step && line.state != "completed") sentence.text("at " + *line.step + ", ");
  if (line.attempt > 0)
    sentence.text("attempt " + std::to_string(line.attempt) + " of " +
                  std::to_string(line.max_attempts) + ", ");
  if (line.finished_at) sentence.text("ended ").clock(*line.finished_at, visit.now);
  else if (line.started_at && (line.state == "scheduled" || line.state == "processing"))
    sentence.text("runs since ").clock(*line.started_at, visit.now);
  else if (line.run_at && *line.run_at > visit.now)
    sentence.text("due ").clock(*line.run_at, visit.now);
  else sentence.text("waits since ").clock(line.created_at, visit.now);
  if (detail.cancel_requested_at && !has_ended(line.state)) sentence.text(", asked to stop");
}

void say_pause(html::Fill& problem, const web::OperationDetail& detail, const Visit& visit) {
  problem.set(part_operation_head_names::problem_mark, "warn");
  problem.set(part_operation_head_names::problem_title,
              detail.pause->is_whole_queue ? "The whole queue is paused"
              : detail.pause->kind.empty() ? "It is paused"
                                           : "Operations of this kind are paused");
  html::Sentence text(problem, part_operation_head_names::problem_text);
  text.text(base::redact(detail.pause->reason)).text(". ");
  if (detail.pause->until)
    text.text("It goes on at ").clock(*detail.pause->until, visit.now).text(".");
  else text.text("It goes on when an operator resumes it.");
  html::Sentence code(problem, part_operation_head_names::problem_code);
  if (detail.pause->since) code.text("paused since ").clock(*detail.pause->since, visit.now);
  else code.text("paused");
}

void say_error(html::Fill& problem, const web::OperationDetail& detail) {
  const auto& line = detail.line;
  problem.set(part_operation_head_names::problem_mark, line.state == "failed" ? "bad" : "warn");
  problem.set(part_operation_head_names::problem_title, base::redact(*line.error_text));
  html::Sentence text(problem, part_operation_head_names::problem_text);
  if (!has_ended(line.state)) text.text("It will be tried again. ");
  text.text(base::redact(detail.error_hint.value_or("")));
  html::Sentence(problem, part_operation_head_names::problem_code)
      .code(line.error_code.value_or("failed"));
}

void say_held(html::Fill& problem) {
  problem.set(part_operation_head_names::problem_mark, "warn");
  problem.set(part_operation_head_names::problem_title, "A guard holds it");
  html::Sentence(problem, part_operation_head_names::problem_text)
      .text("Nothing was changed yet. Look at what it would do, then approve or cancel it.");
  html::Sentence(problem, part_operation_head_names::problem_code).code("held");
}

void fill_problem(html::Fill& fill, const Visit& visit, const web::OperationDetail& detail) {
  const auto& line = detail.line;
  if (detail.pause) say_pause(fill.add(part_operation_head_names::problem), detail, visit);
  else if (line.error_text) say_error(fill.add(part_operation_head_names::problem), detail);
  else if (line.state == "held") say_held(fill.add(part_operation_head_names::problem));
}

// Which acts the queue would take in this state.
void fill_acts(html::Fill& fill, const web::OperationDetail& detail, std::string_view csrf) {
  const auto& line = detail.line;
  // An act on many has no older form to begin from: what is left of it goes on, or nothing is left.
  const bool is_bulk = line.kind == web::bulk_kind;
  if (is_bulk && line.state == "completed") return;
  auto& acts = fill.add(part_operation_head_names::acts);
  acts.set_url(part_operation_head_names::act_url, html::own_url({"operations", line.id, "act"}));
  acts.set(part_operation_head_names::csrf, csrf);
  if (line.state == "held") acts.show(part_operation_head_names::approve);
  if (has_ended(line.state)) {
    acts.add(part_operation_head_names::replay)
        .set(part_operation_head_names::replay_words, is_bulk     ? "Go on with the rest"
                                                      : line.step ? "Replay from " + *line.step
                                                                  : "Replay");
    if (is_bulk) return;
    if (line.step) acts.show(part_operation_head_names::replay_start);
    acts.show(part_operation_head_names::force);
  } else {
    acts.show(part_operation_head_names::cancel);
  }
}

// An act on many: how many it has reached, and why some were left as they are.
void fill_progress(html::Fill& fill, const Visit& visit, const web::OperationDetail& detail) {
  if (detail.line.kind != web::bulk_kind) return;
  const auto bulk = web::find_bulk(visit.connection, detail.line.id);
  if (!bulk) return;
  auto& progress = fill.add(part_operation_head_names::progress);
  progress.set(part_operation_head_names::progress_title,
               bulk->left == 0 ? "All were reached" : "How far it is");
  progress.set(part_operation_head_names::done_number, std::int64_t{bulk->reached()});
  progress.set(part_operation_head_names::all_max, std::int64_t{bulk->count});
  auto text = html::number_text(bulk->reached()) + " of " + html::number_text(bulk->count) +
              " reached, " + html::number_text(bulk->done) + " done.";
  if (const auto not_done = web::not_done_text(*bulk); !not_done.empty())
    text += " " + not_done + ".";
  progress.set(part_operation_head_names::progress_text, text);
}

}  // namespace

bool has_ended(std::string_view state) {
  const auto parsed = queue::parse_state(state);
  return parsed && queue::is_terminal(*parsed);
}

std::string operation_title(const web::OperationDetail& detail, const std::string& subject) {
  const auto about = subject.empty() ? detail.line.resource_kind + " " + detail.line.key : subject;
  // "Cancel of 250 operations" says it all.
  if (detail.line.kind == web::bulk_kind && !subject.empty()) return kind_words(subject);
  return kind_words(detail.line.kind) + " of " + about;
}

void fill_operation_head(html::Fill& fill, const Visit& visit, const web::OperationDetail& detail,
                         const std::string& subject, std::string_view csrf) {
  fill.set_url(part_operation_head_names::operations_url, html::own_url({"operations"}));
  fill.set(part_operation_head_names::operation_title, operation_title(detail, subject));
  html::set_state(fill, {part_operation_head_names::state_mark, part_operation_head_names::state},
                  detail.line.state);
  say_state(html::Sentence(fill, part_operation_head_names::state_text), visit, detail);
  fill_acts(fill, detail, csrf);
  fill_problem(fill, visit, detail);
  fill_progress(fill, visit, detail);
}

}  // namespace devy::daemon
