#include "daemon/listener/webhooks.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/queue/list.hpp"
#include "core/platform/webhook/form.hpp"
#include "core/platform/webhook/secret_list.hpp"

namespace devy::daemon {
namespace {

using base::Error;

// The headers of a delivery that are stored. The signature is not among them: anybody who has it
// and the body can try secrets offline.
constexpr std::array<const char*, 7> kept_headers{
    "Content-Type",
    "User-Agent",
    "X-GitHub-Event",
    "X-GitHub-Delivery",
    "X-GitHub-Hook-ID",
    "X-GitHub-Hook-Installation-Target-Type",
    "X-GitHub-Hook-Installation-Target-ID",
};
// A row is stored of every delivery, so what it holds is bounded. GitHub's own are far shorter.
constexpr std::size_t kept_header_bytes_max = 256;
// The original's words.
constexpr const char* no_payload_body = "{\"error\":\"no payload\"}\n";
constexpr const char* malformed_form_reason = "malformed_form";
// A header that we add, always the last: which secret matched.
constexpr const char* signer_header = "signer";

bool has_type(const server::ReceivedRequest& request, std::string_view wanted) {
  const auto value = request.header("Content-Type");
  const auto type = value.substr(0, std::min(value.find(';'), value.size()));
  return base::is_same_word(type, wanted);
}

std::optional<std::int64_t> target_of(const server::ReceivedRequest& request) {
  if (request.header("X-GitHub-Hook-Installation-Target-Type") != "repository") return std::nullopt;
  const auto text = request.header("X-GitHub-Hook-Installation-Target-ID");
  std::int64_t id = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), id);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return id;
}

void log_refused(const std::string& guid, const std::string& event, const std::string& code,
                 const std::string& error) {
  base::log::warning("delivery refused",
                     {{"delivery", guid}, {"event", event}, {"code", code}, {"error", error}});
}

http::Response answer(const std::string& guid, const webhook::RecordedDelivery& recorded) {
  auto uploads = json::Json::array();
  for (const auto& id : recorded.operations)
    uploads.push(id);
  auto document = json::Json::object({{"delivery", guid}, {"uploads", std::move(uploads)}});
  if (!recorded.is_new) document.set("duplicate", true);
  if (!recorded.reason.empty()) document.set("reason", recorded.reason);
  if (recorded.warning) document.set("warning", *recorded.warning);
  http::Response response;
  response.status = recorded.event == "ping" || !recorded.is_new ? 200 : 202;
  response.body = document.dump() + "\n";
  return response;
}

}  // namespace

Webhooks::Webhooks(const config::Config& config, SessionPool& sessions,
                   webhook::Subscribers subscribers, ListenerCounters& counters)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      secrets_(webhook::load_secrets(config.webhook.secrets)),
      strangers_(config.webhook.unsigned_requests_per_minute),
      check_(config.webhook, config.git.ca_file),
      commit_(config, sessions, subscribers) {
  if (secrets_.empty())
    base::log::warning("deliveries refused", {{"reason", "webhook.secrets names no secret"}});
}

std::vector<server::Route> Webhooks::routes() {
  std::vector<server::Route> routes{route("/v1/webhooks", Form::own)};
  for (const auto* path : {"/replication", "/replication/pull_request", "/replication/issue",
                           "/replication/repository"})
    routes.push_back(route(path, Form::original));
  return routes;
}

server::Route Webhooks::route(const char* path, Form form) {
  server::Route route{"POST", path, config_.webhook.body_bytes_max, {}};
  route.is_body_optional = form == Form::original;
  route.async_handler = [this, form](std::shared_ptr<const server::ReceivedRequest> request,
                                     const server::Respond& respond) {
    handle(std::move(request), form, respond);
  };
  return route;
}

void Webhooks::handle(std::shared_ptr<const server::ReceivedRequest> request, Form form,
                      const server::Respond& respond) {
  const auto begun_at = base::system_clock().monotonic_now();
  const auto reply = [this, begun_at, respond](http::Response response) {
    counters_.count_request(std::chrono::duration_cast<std::chrono::microseconds>(
        base::system_clock().monotonic_now() - begun_at));
    respond(std::move(response));
  };
  auto what = form == Form::original && request->body.empty() ? Read(refuse_empty(*request))
                                                              : read(*request);
  // The response frees room for another body, so this one has to be freed before.
  if (auto* refusal = std::get_if<http::Response>(&what)) {
    request.reset();
    if (form == Form::original && refusal->body.find(malformed_form_reason) != std::string::npos)
      refusal->body = no_payload_body;
    reply(std::move(*refusal));
    return;
  }
  commit_.record(
      {std::get<webhook::ReadDelivery>(std::move(what)),
       [this, form, reply, request = std::move(request)](
           const webhook::ReadDelivery& delivery, const GroupCommit::Outcome& outcome) mutable {
         try {
           auto response = answer_to(delivery, outcome, form);
           request.reset();
           reply(std::move(response));
         } catch (const std::exception& error) {
           // The delivery is stored; a redelivery will be told so.
           base::log::error("response failed", {{"error", error.what()}});
           reply(refuse(500, "internal"));
         }
       }});
}

// A body that is not there says nothing of any secret; whoever sends many is a stranger.
http::Response Webhooks::refuse_empty(const server::ReceivedRequest& request) {
  const auto wait =
      strangers_.take(sender_of(request).network, base::system_clock().monotonic_now());
  auto response = refuse(wait ? 429 : 400, wait ? "too_many_requests" : "no_payload");
  if (wait) response.headers.emplace_back("Retry-After", std::to_string(*wait));
  else response.body = no_payload_body;
  return response;
}

// The reason is for the metrics; the sender gets only the status.
http::Response Webhooks::refuse(int status, const char* reason) {
  counters_.count_refusal(reason);
  http::Response response;
  response.status = status;
  response.body = "{\"error\":\"" + std::string(reason) + "\"}\n";
  if (status == 503)
    response.headers.emplace_back("Retry-After", std::to_string(database_away_seconds));
  return response;
}

// Nobody learns from the response what a secret is valid for.
http::Response Webhooks::refuse_unsigned(const Sender& sender) {
  const auto wait = strangers_.take(sender.network, base::system_clock().monotonic_now());
  if (!wait) return refuse(401, "not_signed");
  auto response = refuse(429, "too_many_requests");
  response.headers.emplace_back("Retry-After", std::to_string(*wait));
  return response;
}

// The signature is compared before anything is counted. Everybody at GitHub can make GitHub's own
// addresses send what is signed with a wrong secret, so an address says nothing against what is
// rightly signed, and a delivery that is refused never comes again.
Webhooks::Read Webhooks::read(const server::ReceivedRequest& request) {
  const auto sender = sender_of(request);
  switch (check_.check(sender)) {
    case SenderCheck::Verdict::ok: break;
    case SenderCheck::Verdict::foreign_address: return refuse(403, "foreign_address");
    case SenderCheck::Verdict::foreign_certificate: return refuse(403, "foreign_certificate");
    case SenderCheck::Verdict::unknown_ranges: return refuse(503, "unknown_ranges");
  }
  const auto* signer =
      webhook::find_signer(secrets_, request.body, request.header("X-Hub-Signature-256"),
                           target_of(request), base::system_clock().now());
  if (signer == nullptr) return refuse_unsigned(sender);
  return read_signed(request, sender, *signer);
}

Webhooks::Read Webhooks::read_signed(const server::ReceivedRequest& request, const Sender& sender,
                                     const webhook::SigningSecret& signer) {
  webhook::Incoming incoming;
  incoming.guid = base::to_lower(request.header("X-GitHub-Delivery"));
  incoming.event = request.header("X-GitHub-Event");
  if (!base::is_uuid(incoming.guid) || !webhook::is_event_name(incoming.event))
    return refuse(400, "malformed_headers");
  std::string decoded;
  incoming.payload = request.body;
  if (has_type(request, "application/x-www-form-urlencoded")) {
    auto payload = webhook::payload_of_form(request.body);
    if (!payload) return refuse(400, malformed_form_reason);
    decoded = *std::move(payload);
    incoming.payload = decoded;
  } else if (!has_type(request, "application/json")) {
    return refuse(415, "unsupported_type");
  }
  incoming.body = request.body;
  incoming.sender = sender.address;
  incoming.scope = signer.scope;
  for (const auto* name : kept_headers)
    if (const auto value = request.header(name); !value.empty())
      incoming.headers.emplace_back(name, value.substr(0, kept_header_bytes_max));
  incoming.headers.emplace_back(signer_header, signer.id);
  base::fault_point("after_body_read");
  try {
    return webhook::read_delivery(incoming);
  } catch (const Error& error) {
    log_refused(incoming.guid, incoming.event, error.code(), error.text());
    if (error.code() == "payload_invalid") return refuse_payload(incoming.event);
    // The response is that of an invalid signature: nobody learns what a secret is valid for.
    if (error.code() == "wrong_repository" || error.code() == "wrong_event")
      return refuse_unsigned(sender);
    throw;
  }
}

http::Response Webhooks::refuse_payload(const std::string& event) {
  counters_.count_delivery(event, "rejected", base::system_clock().now());
  return refuse(400, "malformed_payload");
}

http::Response Webhooks::answer_to(const webhook::ReadDelivery& read,
                                   const GroupCommit::Outcome& outcome, Form form) {
  const auto& delivery = read.delivery;
  if (const auto* error = std::get_if<Error>(&outcome)) {
    log_refused(delivery.guid, delivery.event, error->code(), error->text());
    return base::is_passing(error->kind()) ? refuse(503, "database_unavailable")
                                           : refuse(500, "internal");
  }
  const auto& recorded = std::get<webhook::RecordedDelivery>(outcome);
  if (read.is_rejected()) {
    log_refused(delivery.guid, delivery.event, "payload_invalid", delivery.reason);
    return refuse_payload(delivery.event);
  }
  if (recorded.is_foreign) {
    log_refused(delivery.guid, delivery.event, "guid_in_use", recorded.reason);
    return refuse(409, "guid_in_use");
  }
  const std::string verdict = recorded.is_new ? recorded.verdict : "duplicate";
  counters_.count_delivery(recorded.event, verdict, base::system_clock().now());
  base::log::info(
      "delivery recorded",
      {{"delivery", delivery.guid},
       {"event", delivery.event},
       {"verdict", verdict},
       {"reason", recorded.reason},
       {"signer", delivery.headers.back().second},
       {"operation", recorded.operations.empty() ? "" : recorded.operations.front().text()}});
  base::fault_point("before_webhook_response");
  return form == Form::original ? original_answer_to(recorded) : answer(delivery.guid, recorded);
}

// As the original answers. An event that nobody wants is no failure, which GitHub would show.
http::Response Webhooks::original_answer_to(const webhook::RecordedDelivery& recorded) {
  http::Response response;
  const auto say = [&](std::string_view message) {
    response.body = json::Json::object({{"message", message}}).dump() + "\n";
    return response;
  };
  if (recorded.event == "ping") return say("pong");
  if (recorded.verdict == "ignored" && recorded.operations.empty()) {
    response.status = 202;
    return say("ignored: " + recorded.reason);
  }
  bool is_stale = false;
  try {
    sessions_.with([&](pg::Connection& connection) {
      is_stale = queue::are_all_dropped(connection, recorded.operations);
    });
  } catch (const Error& error) {
    // The delivery is stored, whatever is said of it.
    base::log::warning("delivery not looked up", {{"error", error.text()}});
  }
  return say(is_stale ? "stale data" : "success");
}

}  // namespace devy::daemon
