#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/page_queue.hpp"
#include "daemon/web/queue_snapshot.hpp"
#include "html_names/confirm.hpp"

// Pausing the whole queue, and resuming it.

namespace devy::daemon {
namespace {

namespace confirm_names = html::confirm;

constexpr std::size_t pause_reason_bytes_max = 500;

http::Response ask(Visit& visit, bool is_paused, std::string_view trouble) {
  const std::string_view question = is_paused ? "Resume the queue?" : "Pause the whole queue?";
  Frame frame(visit, {.title = std::string(question), .path = "/queue", .is_dialog = true});
  auto& fill = frame.content(confirm_names::template_file);
  fill.set(confirm_names::confirm_title, question);
  html::Sentence(fill, confirm_names::confirm_text)
      .text(is_paused ? "What waits begins at once."
                      : "What runs goes on to its end; nothing else begins until somebody resumes "
                        "it. Webhooks are still taken.");
  fill.set_url(confirm_names::act_url, html::own_url({"queue", "pause"}));
  fill.set(confirm_names::csrf, visit.csrf);
  auto& kept = fill.add(confirm_names::kept);
  kept.set(confirm_names::kept_name, "act");
  kept.set(confirm_names::kept_value, is_paused ? "resume" : "pause");
  auto& reason = fill.add(confirm_names::reason);
  reason.set(confirm_names::reason_text, visit.form.text("reason").value_or(""));
  if (trouble.empty()) reason.show(confirm_names::reason_right);
  else reason.add(confirm_names::reason_wrong).set(confirm_names::reason_error, trouble);
  fill.set(confirm_names::button_mark, is_paused ? "go" : "go danger");
  fill.set(confirm_names::button_words, is_paused ? "Resume the queue" : "Pause the queue");
  fill.set_url(confirm_names::keep_url, html::own_url({"queue"}));
  fill.set(confirm_names::keep_words, "Leave it as it is");
  return frame.response(trouble.empty() ? 200 : 422);
}

}  // namespace

http::Response ask_to_pause(Visit& visit) {
  return ask(visit, visit.queue.get(visit.connection)->health.is_paused, "");
}

http::Response pause_queue(Visit& visit) {
  const auto act = visit.form.line("act").value_or("");
  if (act != "pause" && act != "resume")
    throw base::Error(base::ErrorKind::usage, "unable to act: the form names no act");
  const bool is_paused = act == "resume";
  const auto reason = visit.form.text("reason").value_or("");
  if (reason.find_first_not_of(" \t\n") == std::string::npos)
    return ask(visit, is_paused, "Say why, in a few words.");
  if (reason.size() > pause_reason_bytes_max)
    return ask(visit, is_paused, "At most 500 bytes, please.");
  pg::Transaction transaction(visit.connection);
  if (is_paused) queue::resume(visit.connection, std::nullopt);
  else queue::pause(visit.connection, std::nullopt, visit.actor() + ": " + reason);
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = is_paused ? "queue.resume" : "queue.pause",
                                     .reason = reason});
  transaction.commit();
  if (is_paused) queue::wake_workers(visit.connection);
  return server::redirect_response(303, is_paused ? "/queue?done=resumed" : "/queue?done=paused");
}

}  // namespace devy::daemon
