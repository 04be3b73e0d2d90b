#include "daemon/web/page_operation_act.hpp"

#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/operation_detail.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/operation_head.hpp"
#include "daemon/web/seen_operation.hpp"
#include "html_names/confirm.hpp"

namespace devy::daemon {
namespace {

namespace confirm_names = html::confirm;

using base::Error;
using base::ErrorKind;

constexpr std::size_t reason_bytes_max = 500;

enum class ActKind { replay, replay_start, force, approve, cancel };

struct ActRow {
  ActKind kind;
  std::string_view word;     // in the form
  std::string_view audited;  // in the audit
  std::string_view done;     // in the address afterwards
  std::string_view text;     // what the page says then
  bool wants_reason = false;
  bool is_operators = false;
  // Those that want a reason have a question, what follows from it, and a button.
  std::string_view question = {}, consequence = {}, button = {}, keep = {};
};

constexpr std::array<ActRow, 5> act_rows{{
    {ActKind::replay, "replay", "operation.replay", "replayed", "It waits for a worker again."},
    {ActKind::replay_start, "replay_start", "operation.replay", "restarted",
     "It waits for a worker again, and begins from the start."},
    {ActKind::force, "force", "operation.force", "forced",
     "It runs although something newer is done.", true, true, "Force this operation?",
     "It runs even over what is newer: a rollback. A blog then stays at its commit until the next "
     "push.",
     "Force it", "Leave it as it is"},
    {ActKind::approve, "approve", "operation.approve", "approved", "It goes on past its guard."},
    {ActKind::cancel, "cancel", "operation.cancel", "cancelled",
     "What waited has ended; what runs stops at its next step.", true, false,
     "Cancel this operation?",
     "What it has not done yet will not be done. What readers see stays as it is.", "Cancel it",
     "Keep it"},
}};

const ActRow& asked_act(const Visit& visit) {
  const auto word = visit.form.line("act").value_or("");
  for (const auto& row : act_rows)
    if (row.word == word) return row;
  throw Error(ErrorKind::usage, "unable to act: the form names no act");
}

http::Response ask_for_reason(Visit& visit, const ActRow& act, const web::OperationDetail& detail,
                              std::string_view trouble) {
  const auto& id = detail.line.id;
  Frame frame(visit,
              {.title = std::string(act.question), .path = "/operations", .is_dialog = true});
  auto& fill = frame.content(confirm_names::template_file);
  fill.set(confirm_names::confirm_title, act.question);
  html::Sentence(fill, confirm_names::confirm_text)
      .strong(operation_title(detail, subject_of(visit, id)))
      .text(". ")
      .text(act.consequence);
  fill.set_url(confirm_names::act_url, html::own_url({"operations", id, "act"}));
  fill.set(confirm_names::csrf, visit.csrf);
  for (const auto& [name, value] : {std::pair{"act", act.word}, {"confirmed", "1"}}) {
    auto& kept = fill.add(confirm_names::kept);
    kept.set(confirm_names::kept_name, name);
    kept.set(confirm_names::kept_value, value);
  }
  auto& reason = fill.add(confirm_names::reason);
  reason.set(confirm_names::reason_text, visit.form.text("reason").value_or(""));
  if (trouble.empty()) reason.show(confirm_names::reason_right);
  else reason.add(confirm_names::reason_wrong).set(confirm_names::reason_error, trouble);
  fill.set(confirm_names::button_mark, "go danger");
  fill.set(confirm_names::button_words, act.button);
  fill.set_url(confirm_names::keep_url, html::own_url({"operations", id}));
  fill.set(confirm_names::keep_words, act.keep);
  return frame.response(trouble.empty() ? 200 : 422);
}

void run_act(Visit& visit, const ActRow& act, const base::OperationId& id,
             const std::string& reason) {
  auto& connection = visit.connection;
  switch (act.kind) {
    case ActKind::replay:
    case ActKind::replay_start:
    case ActKind::force: {
      queue::ReplayOptions options;
      options.is_forced = act.kind == ActKind::force;
      options.is_from_start = act.kind == ActKind::replay_start;
      options.extra_attempts = static_cast<int>(visit.config.queue.max_attempts);
      options.requested_by = visit.actor();
      options.reason = reason;
      return queue::replay(connection, id, options);
    }
    case ActKind::approve: return queue::approve(connection, id, visit.actor(), reason);
    case ActKind::cancel:
      static_cast<void>(queue::cancel(connection, id, false, reason + " (" + visit.actor() + ")"));
      return;
  }
}

}  // namespace

std::string_view done_text(std::string_view done) {
  for (const auto& row : act_rows)
    if (row.done == done) return row.text;
  return {};
}

http::Response act_on_operation(Visit& visit) {
  const auto& act = asked_act(visit);
  const auto detail = find_seen_operation(visit);
  if (act.is_operators && !visit.is_operator())
    throw Error(ErrorKind::not_found, "unable to act: it is an operator's act");
  auto reason = visit.form.text("reason").value_or("");
  if (act.wants_reason) {
    if (!visit.form.has("confirmed")) return ask_for_reason(visit, act, detail, "");
    if (reason.find_first_not_of(" \t\n") == std::string::npos)
      return ask_for_reason(visit, act, detail, "Say why, in a few words.");
    if (reason.size() > reason_bytes_max)
      return ask_for_reason(visit, act, detail, "At most 500 bytes, please.");
  }
  const auto id = base::OperationId::trusted(detail.line.id);
  pg::Transaction transaction(visit.connection);
  run_act(visit, act, id, reason);
  web::record_act(visit.connection,
                  {.actor = visit.actor(),
                   .address = sender_of(visit.request).address,
                   .act = std::string(act.audited),
                   .target = id.text(),
                   .reason = reason.empty() ? std::nullopt : std::optional(reason)});
  transaction.commit();
  queue::wake_workers(visit.connection);
  return server::redirect_response(
      303, html::own_url({"operations", id.text()}, {{"done", std::string(act.done)}}).text());
}

}  // namespace devy::daemon
