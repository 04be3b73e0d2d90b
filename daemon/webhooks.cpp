#include "daemon/webhooks.hpp"

#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/error.hpp"
#include "core/base/fault_point.hpp"
#include "core/base/json.hpp"
#include "core/base/log.hpp"
#include "core/upload/intake.hpp"
#include "core/webhook/form.hpp"
#include "core/webhook/secret_list.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

// Of a sender's allowance, for a delivery that is not rightly signed.
constexpr double forgery_tokens = 9;  // besides the one that every request costs
constexpr int away_seconds = 5;

// What is kept of a delivery's headers. The signature is not: who has it and the body can try
// secrets at leisure.
constexpr std::array<const char*, 7> kept_headers{
    "Content-Type",
    "User-Agent",
    "X-GitHub-Event",
    "X-GitHub-Delivery",
    "X-GitHub-Hook-ID",
    "X-GitHub-Hook-Installation-Target-Type",
    "X-GitHub-Hook-Installation-Target-ID",
};

bool has_type(const Request& request, std::string_view wanted) {
  const auto value = request.header("Content-Type");
  const auto type = value.substr(0, std::min(value.find(';'), value.size()));
  return type.size() == wanted.size() && strncasecmp(type.data(), wanted.data(), type.size()) == 0;
}

std::optional<std::int64_t> target_of(const Request& request) {
  if (request.header("X-GitHub-Hook-Installation-Target-Type") != "repository") return std::nullopt;
  const auto text = request.header("X-GitHub-Hook-Installation-Target-ID");
  std::int64_t id = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), id);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return id;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

Response answer(const std::string& guid, const upload::Taken& taken) {
  auto uploads = base::Json::array();
  for (const auto& id : taken.uploads)
    uploads.push(id);
  auto document = base::Json::object({{"delivery", guid}, {"uploads", std::move(uploads)}});
  if (!taken.is_new) document.set("duplicate", true);
  if (!taken.reason.empty()) document.set("reason", taken.reason);
  if (taken.warning) document.set("warning", *taken.warning);
  Response response;
  response.status = taken.event == "ping" || !taken.is_new ? 200 : 202;
  response.body = document.dump() + "\n";
  return response;
}

}  // namespace

Webhooks::Webhooks(const config::Config& config, SessionPool& sessions, ListenerCounters& counters)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      secrets_(webhook::load_secrets(config.webhook.secrets)),
      senders_(config.webhook.sender_requests_per_minute),
      repositories_(config.webhook.repository_deliveries_per_minute),
      check_(config.webhook, config.git.ca_file) {
  if (secrets_.empty())
    base::log::warning("deliveries refused", {{"reason", "webhook.secrets names no secret"}});
}

Route Webhooks::route() {
  return {"POST", "/v1/webhooks", config_.webhook.body_bytes_max, [this](const Request& request) {
            const auto begun_at = base::system_clock().monotonic_now();
            auto response = handle(request);
            counters_.count_request(std::chrono::duration_cast<std::chrono::microseconds>(
                base::system_clock().monotonic_now() - begun_at));
            return response;
          }};
}

// The reason is for the metrics; the sender learns the status alone.
Response Webhooks::refuse(int status, const char* reason) {
  counters_.count_refusal(reason);
  Response response;
  response.status = status;
  response.body = "{\"error\":\"" + std::string(reason) + "\"}\n";
  if (status == 503) response.headers.emplace_back("Retry-After", std::to_string(away_seconds));
  return response;
}

Response Webhooks::handle(const Request& request) {
  const auto now = base::system_clock().monotonic_now();
  const auto sender = sender_of(request);
  if (const auto wait = senders_.take(sender.address, now)) {
    auto response = refuse(429, "too_many_requests");
    response.headers.emplace_back("Retry-After", std::to_string(*wait));
    return response;
  }
  switch (check_.judge(sender)) {
    case SenderCheck::Verdict::ok: break;
    case SenderCheck::Verdict::foreign_address: return refuse(403, "foreign_address");
    case SenderCheck::Verdict::foreign_certificate: return refuse(403, "foreign_certificate");
    case SenderCheck::Verdict::unknown_ranges: return refuse(503, "unknown_ranges");
  }
  const auto* signer =
      webhook::find_signer(secrets_, request.body, request.header("X-Hub-Signature-256"),
                           target_of(request), base::system_clock().now());
  if (signer == nullptr) {
    static_cast<void>(senders_.take(sender.address, now, forgery_tokens));
    return refuse(401, "not_signed");
  }
  return take(request, sender, *signer);
}

Response Webhooks::take(const Request& request, const Sender& sender,
                        const webhook::SigningSecret& signer) {
  upload::Incoming incoming;
  incoming.guid = to_lower(request.header("X-GitHub-Delivery"));
  incoming.event = request.header("X-GitHub-Event");
  if (!base::is_uuid(incoming.guid) || !webhook::is_event_name(incoming.event))
    return refuse(400, "malformed_headers");
  std::string decoded;
  incoming.payload = request.body;
  if (has_type(request, "application/x-www-form-urlencoded")) {
    auto payload = webhook::payload_of_form(request.body);
    if (!payload) return refuse(400, "malformed_form");
    decoded = *std::move(payload);
    incoming.payload = decoded;
  } else if (!has_type(request, "application/json")) {
    return refuse(415, "unsupported_type");
  }
  incoming.body = request.body;
  incoming.sender = sender.address;
  incoming.only = signer.github_id;
  for (const auto* name : kept_headers)
    if (const auto value = request.header(name); !value.empty())
      incoming.headers.emplace_back(name, value);
  incoming.headers.emplace_back("signer", signer.id);
  incoming.admit = [this](std::int64_t github_id) {
    const auto wait =
        repositories_.take(std::to_string(github_id), base::system_clock().monotonic_now());
    if (wait)
      throw Error(ErrorKind::busy, "unable to take the delivery: its repository sends too many",
                  std::to_string(*wait), "rate_limited");
  };
  try {
    upload::Taken taken;
    base::fault_point("D1");
    sessions_.with([&](pg::Connection& connection) {
      taken = upload::take_delivery(connection, config_, incoming);
    });
    counters_.count_delivery(taken.event, taken.is_new ? taken.verdict : "duplicate",
                             base::system_clock().now());
    base::log::info(
        "delivery taken",
        {{"delivery", incoming.guid},
         {"event", incoming.event},
         {"verdict", taken.is_new ? taken.verdict : "duplicate"},
         {"reason", taken.reason},
         {"signer", signer.id},
         {"upload", taken.uploads.empty() ? std::string() : taken.uploads.front().text()}});
    base::fault_point("D3");
    return answer(incoming.guid, taken);
  } catch (const Error& error) {
    base::log::warning("delivery refused", {{"delivery", incoming.guid},
                                            {"event", incoming.event},
                                            {"code", error.code()},
                                            {"error", error.text()}});
    if (error.code() == "payload_invalid") {
      counters_.count_delivery(incoming.event, "rejected", base::system_clock().now());
      return refuse(400, "malformed_payload");
    }
    // As if it were not signed at all: nobody learns whose secret fits what.
    if (error.code() == "wrong_repository") return refuse(401, "not_signed");
    if (error.code() == "rate_limited") {
      auto response = refuse(429, "too_many_requests");
      response.headers.emplace_back("Retry-After", error.hint());
      return response;
    }
    const bool is_passing =
        error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::busy;
    return is_passing ? refuse(503, "database_unavailable") : refuse(500, "internal");
  }
}

}  // namespace devy::daemon
