#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/pause_target.hpp"
#include "core/systems.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/operations_filter.hpp"
#include "daemon/web/page_queue.hpp"
#include "html_names/confirm.hpp"

// Pausing the whole queue, a kind or a resource, resuming it, and opening an owner's gate.

namespace devy::daemon {
namespace {

namespace confirm_names = html::confirm;

constexpr std::size_t pause_reason_bytes_max = 500;

// The address and the form name it alike: kind, resource, or owner and direction; else all.
web::PauseTarget asked_target(Visit& visit, const server::Fields& fields) {
  if (const auto kind = fields.line("kind")) {
    if (systems::find_kind(*kind) == nullptr)
      throw base::Error(base::ErrorKind::usage,
                        "unable to pause a kind: there is none of that name",
                        "The page Queue lists all kinds.");
    return web::kind_target(visit.connection, std::string(*kind));
  }
  if (const auto resource = fields.line("resource"))
    return web::resource_target(visit.connection, read_number(*resource, "resource"));
  if (const auto owner = fields.line("owner"))
    return web::gate_target(visit.connection, std::string(*owner),
                            fields.line("direction") == "inbound" ? queue::Direction::inbound
                                                                  : queue::Direction::outbound);
  return web::whole_queue(visit.connection);
}

// The page's words, as the target and what is to be done with it want them.
struct PauseWords {
  std::string question, consequence, button;
};

PauseWords pause_words(const web::PauseTarget& target, bool is_closed) {
  const auto what = target.name.empty() ? "the queue" : target.name;
  if (target.sort == web::PauseSort::gate && !is_closed)
    return {"Close " + what + "?",
            "What runs goes on to its end; nothing else of this owner begins until somebody opens "
            "it. It is still recorded.",
            "Close the gate"};
  if (target.sort == web::PauseSort::gate)
    return {"Open " + what + "?",
            "What waits of this owner begins at once. A server that set a limit may refuse it.",
            "Open the gate"};
  if (is_closed) return {"Resume " + what + "?", "What waits begins at once.", "Resume " + what};
  const std::string paused = target.name.empty() ? "the whole queue" : target.name;
  return {"Pause " + paused + "?",
          "What runs goes on to its end; nothing else " +
              std::string(target.name.empty() ? "" : "of it ") +
              "begins until somebody resumes it. It is still recorded.",
          "Pause " + what};
}

void keep_target(html::Fill& fill, const web::PauseTarget& target, bool is_closed) {
  const auto keep = [&](std::string_view name, std::string_view value) {
    auto& kept = fill.add(confirm_names::kept);
    kept.set(confirm_names::kept_name, name);
    kept.set(confirm_names::kept_value, value);
  };
  keep("act", is_closed ? "resume" : "pause");
  switch (target.sort) {
    case web::PauseSort::queue: return;
    case web::PauseSort::kind: return keep("kind", target.kind);
    case web::PauseSort::resource: return keep("resource", std::to_string(target.resource));
    case web::PauseSort::gate:
      keep("owner", target.owner);
      keep("direction", queue::to_string(target.direction));
  }
}

http::Response ask_for_pause(Visit& visit, const web::PauseTarget& target, bool is_closed,
                             std::string_view trouble) {
  const auto words = pause_words(target, is_closed);
  Frame frame(visit, {.title = words.question, .path = "/queue", .is_dialog = true});
  auto& fill = frame.content(confirm_names::template_file);
  fill.set(confirm_names::confirm_title, words.question);
  html::Sentence(fill, confirm_names::confirm_text).text(words.consequence);
  fill.set_url(confirm_names::act_url, html::own_url({"queue", "pause"}));
  fill.set(confirm_names::csrf, visit.csrf);
  keep_target(fill, target, is_closed);
  auto& reason = fill.add(confirm_names::reason);
  reason.set(confirm_names::reason_text, visit.form.text("reason").value_or(""));
  if (trouble.empty()) reason.show(confirm_names::reason_right);
  else reason.add(confirm_names::reason_wrong).set(confirm_names::reason_error, trouble);
  fill.set(confirm_names::button_mark, is_closed ? "go" : "go danger");
  fill.set(confirm_names::button_words, words.button);
  fill.set_url(confirm_names::keep_url, html::own_url({"queue"}));
  fill.set(confirm_names::keep_words, "Leave it as it is");
  return frame.response(trouble.empty() ? 200 : 422);
}

}  // namespace

http::Response ask_to_pause(Visit& visit) {
  const auto target = asked_target(visit, visit.query);
  // A gate that has opened by itself can be opened again: that changes nothing.
  const bool is_opened = target.sort == web::PauseSort::gate && visit.query.line("act") != "pause";
  return ask_for_pause(visit, target, target.is_closed || is_opened, "");
}

http::Response pause_queue(Visit& visit) {
  const auto act = visit.form.line("act").value_or("");
  if (act != "pause" && act != "resume")
    throw base::Error(base::ErrorKind::usage, "unable to act: the form names no act");
  const bool is_closed = act == "resume";
  const auto target = asked_target(visit, visit.form);
  const auto reason = visit.form.text("reason").value_or("");
  if (reason.find_first_not_of(" \t\n") == std::string::npos)
    return ask_for_pause(visit, target, is_closed, "Say why, in a few words.");
  if (reason.size() > pause_reason_bytes_max)
    return ask_for_pause(visit, target, is_closed, "At most 500 bytes, please.");
  pg::Transaction transaction(visit.connection);
  if (is_closed) web::open(visit.connection, target);
  else web::close(visit.connection, target, visit.actor() + ": " + reason);
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = is_closed ? "queue.resume" : "queue.pause",
                                     .target = target.name,
                                     .reason = reason});
  transaction.commit();
  if (is_closed) queue::wake_workers(visit.connection);
  return server::redirect_response(303, is_closed ? "/queue?done=resumed" : "/queue?done=paused");
}

}  // namespace devy::daemon
