#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/operation_detail.hpp"
#include "core/platform/webhook/body_budget.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/platform/webhook/intake.hpp"
#include "core/systems.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/page_deliveries.hpp"
#include "html_names/delivery.hpp"

// One delivery, its payload, and its replay.

namespace devy::daemon {
namespace {

namespace delivery_names = html::delivery;

// A longer payload is shown to here, and whole as an attachment.
constexpr std::size_t payload_shown_bytes_max = 256U * 1024;

webhook::Delivery find_asked_delivery(Visit& visit) {
  const auto& guid = visit.request.path_values.at(0);
  if (!base::is_uuid(guid))
    throw base::Error(base::ErrorKind::not_found, "unable to find that delivery");
  return webhook::find_delivery(visit.connection, guid);
}

bool has_body(const webhook::Delivery& delivery) {
  return delivery.body_omitted.empty() && delivery.body_bytes > 0;
}

// Cut between two characters.
std::string_view shown_payload(std::string_view body) {
  if (body.size() <= payload_shown_bytes_max) return body;
  auto end = payload_shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U)
    --end;
  return body.substr(0, end);
}

void fill_payload(html::Fill& content, Visit& visit, const webhook::Delivery& delivery) {
  if (!has_body(delivery)) {
    content.add(delivery_names::no_payload)
        .set(delivery_names::no_payload_text,
             delivery.body_omitted.empty() ? "It was deleted when it was old enough."
                                           : webhook::explain_omission(delivery.body_omitted));
    return;
  }
  const auto body = webhook::load_delivery_body(visit.connection, delivery.guid);
  content.add(delivery_names::payload_link)
      .set_url(delivery_names::payload_url,
               html::own_url({"deliveries", delivery.guid, "payload"}));
  auto& payload = content.add(delivery_names::payload);
  payload.set(delivery_names::payload_note,
              html::size_text(static_cast<std::int64_t>(body.size())));
  const auto shown = shown_payload(body);
  payload.set(delivery_names::payload_text, shown);
  if (shown.size() < body.size())
    payload.add(delivery_names::cut)
        .set(delivery_names::cut_text,
             html::size_text(static_cast<std::int64_t>(body.size() - shown.size())) +
                 " more are in the attachment.");
}

void fill_made(html::Fill& content, Visit& visit, const webhook::Delivery& delivery,
               const std::vector<base::OperationId>& operations) {
  if (operations.empty()) {
    content.add(delivery_names::made_nothing)
        .set(delivery_names::made_text,
             delivery.reason.empty() ? "No system has a use for it." : delivery.reason);
    return;
  }
  std::vector<std::string> ids;
  for (const auto& id : operations)
    ids.push_back(id.text());
  const auto subjects = systems::subjects(visit.connection, ids);
  auto& made = content.add(delivery_names::made);
  for (const auto& id : operations) {
    const auto detail = web::find_detail(visit.connection, id.text());
    if (!detail) continue;
    auto& row = made.add(delivery_names::made_row);
    html::set_state(row, {delivery_names::state_mark, delivery_names::state}, detail->line.state);
    row.set_url(delivery_names::operation_url, html::own_url({"operations", id.text()}));
    const auto subject = subjects.find(id.text());
    row.set(delivery_names::operation_title,
            subject == subjects.end() ? detail->line.key : subject->second);
    row.set(delivery_names::operation_text, detail->line.kind);
    row.set(delivery_names::took,
            detail->line.started_at
                ? html::duration_text(detail->line.finished_at.value_or(visit.now) -
                                      *detail->line.started_at)
                : std::string(html::none_text));
  }
}

void fill_headers(html::Fill& content, const webhook::Delivery& delivery) {
  const auto received = webhook::headers_of(delivery);
  if (received.empty()) return;
  auto& headers = content.add(delivery_names::headers);
  for (const auto& [name, value] : received) {
    auto& row = headers.add(delivery_names::header);
    row.set(delivery_names::header_name, name);
    row.set(delivery_names::header_value, value);
  }
}

std::string event_of(const webhook::Delivery& delivery) {
  return delivery.action.empty() ? delivery.event : delivery.event + "." + delivery.action;
}

}  // namespace

http::Response show_delivery(Visit& visit) {
  const auto delivery = find_asked_delivery(visit);
  const auto operations =
      webhook::operations_of(visit.connection, systems::subscribers(), delivery.guid);
  Frame frame(visit, {.title = event_of(delivery), .path = "/deliveries"});
  if (visit.query.line("done") == "replayed")
    frame.notice("Done", "It was taken in again, or its operation waits for a worker again.");
  auto& content = frame.content(delivery_names::template_file);
  content.set_url(delivery_names::deliveries_url, html::own_url({"deliveries"}));
  content.set(delivery_names::delivery_title, event_of(delivery));
  html::set_state(content, {delivery_names::verdict_mark, delivery_names::verdict},
                  delivery.verdict);
  html::Sentence(content, delivery_names::delivery_text)
      .text("received ")
      .clock(delivery.received_at, visit.now);
  auto& acts = content.add(delivery_names::may_replay);
  acts.set_url(delivery_names::act_url, html::own_url({"deliveries", delivery.guid, "act"}));
  acts.set(delivery_names::csrf, visit.csrf);
  fill_made(content, visit, delivery, operations);
  fill_payload(content, visit, delivery);
  fill_headers(content, delivery);
  html::Facts facts(content, delivery_names::facts);
  facts.add_id("Guid", delivery.guid);
  if (delivery.github_id) facts.add("Repository").text(std::to_string(*delivery.github_id));
  if (!delivery.sender.empty()) facts.add("Sender").code(delivery.sender);
  facts.add("Signed for").text(webhook::to_string(delivery.scope));
  if (!delivery.reason.empty()) facts.add("Reason").text(delivery.reason);
  html::Sentence(content, delivery_names::again).soft("GitHub keeps it for three days.");
  return frame.response();
}

http::Response show_payload(Visit& visit) {
  const auto delivery = find_asked_delivery(visit);
  http::Response response;
  response.body = webhook::load_delivery_body(visit.connection, delivery.guid);
  server::set_header(response, "Content-Type", "application/octet-stream");
  server::set_header(response, "Content-Disposition",
                     "attachment; filename=\"" + delivery.guid + ".json\"");
  return response;
}

http::Response replay_delivery(Visit& visit) {
  const auto delivery = find_asked_delivery(visit);
  const auto note = [&] {
    web::record_act(visit.connection, {.actor = visit.actor(),
                                       .address = sender_of(visit.request).address,
                                       .act = "delivery.replay",
                                       .target = delivery.guid});
  };
  static_cast<void>(webhook::replay_delivery(visit.connection, visit.config, systems::subscribers(),
                                             delivery.guid, visit.actor(), "", note));
  return server::redirect_response(
      303, html::own_url({"deliveries", delivery.guid}, {{"done", "replayed"}}).text());
}

}  // namespace devy::daemon
