#include "core/publishing/upload/intake.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/platform/webhook/form.hpp"
#include "core/publishing/markdown/document.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/repository_events.hpp"

namespace devy::upload {
namespace {

using base::Error;
using base::ErrorKind;
using webhook::Event;

webhook::NewDelivery new_delivery(const Incoming& incoming) {
  webhook::NewDelivery delivery;
  delivery.guid = incoming.guid;
  delivery.event = incoming.event;
  delivery.sender = incoming.sender;
  delivery.headers = incoming.headers;
  delivery.body = incoming.body;
  return delivery;
}

// Returns why a push by itself makes no upload; empty when it may make one.
std::string ignore_reason(const webhook::Push& push) {
  if (push.branch.empty()) return "not a branch";
  // Its posts stay: a deleted branch may be a slip of the hand.
  if (push.is_deleted) return "branch deleted";
  if (push.is_skipped) return "skip marker";
  return {};
}

webhook::PushedTo pushed_to(const config::Config& config, const Event& event,
                            const webhook::Push& push) {
  webhook::PushedTo to;
  to.branch = push.branch;
  to.default_branch = event.repository->default_branch;
  to.url = allowed_url(config, event.repository->clone_url).value_or("");
  to.owner = event.repository->owner;
  to.name = event.repository->name;
  to.is_private = event.repository->is_private;
  to.installation = event.installation;
  to.pushed_at = push.pushed_at;
  to.commit = push.after;
  to.max_attempts = static_cast<int>(config.queue.max_attempts);
  to.renderer_version = markdown::renderer_version;
  return to;
}

// The reason why an event that is neither a push nor a repository event has no effect.
std::string no_effect_reason(const Event& event) {
  return event.name == "ping" ? "a ping" : "nothing to do";
}

std::optional<std::string> warning_of(const Event& event) {
  const auto* ping = std::get_if<webhook::Ping>(&event.what);
  if (ping == nullptr) return std::nullopt;
  if (!ping->has_push) return "the hook does not send pushes";
  if (ping->is_insecure) return "the hook does not verify certificates";
  return std::nullopt;
}

RecordedDelivery result_of(const ReadDelivery& delivery,
                           const webhook::RecordedDelivery& recorded) {
  RecordedDelivery result;
  result.event = delivery.event.name;
  result.is_new = recorded.is_new;
  result.verdict = recorded.verdict;
  result.reason = recorded.reason;
  if (recorded.upload) result.uploads.push_back(*recorded.upload);
  result.warning = warning_of(delivery.event);
  if (result.warning)
    base::log::warning("hook misconfigured",
                       {{"delivery", delivery.entry.delivery.guid}, {"warning", *result.warning}});
  return result;
}

// Runs in the caller's transaction for repository events, else as one statement.
RecordedDelivery record_one(pg::Connection& connection, const config::Config& config,
                            const ReadDelivery& delivery) {
  auto result = result_of(delivery, webhook::record_delivery(connection, delivery.entry));
  if (delivery.is_repository_event() && result.is_new)
    result.uploads =
        apply_repository_event(connection, config, delivery.event, delivery.entry.delivery.guid);
  return result;
}

ReadDelivery read_event(const config::Config& config, const Incoming& incoming, Event event) {
  ReadDelivery read{std::move(event), {new_delivery(incoming), std::nullopt}};
  auto& delivery = read.entry.delivery;
  delivery.action = read.event.action;
  if (read.event.repository) delivery.github_id = read.event.repository->github_id;
  if (const auto* push = std::get_if<webhook::Push>(&read.event.what)) {
    delivery.reason = ignore_reason(*push);
    if (delivery.reason.empty()) read.entry.push = pushed_to(config, read.event, *push);
  } else if (!read.is_repository_event()) {
    delivery.reason = no_effect_reason(read.event);
  }
  if (!delivery.reason.empty()) delivery.verdict = webhook::Verdict::ignored;
  return read;
}

bool has_new_uploads(const RecordedDelivery& recorded) {
  return recorded.is_new && !recorded.uploads.empty();
}

}  // namespace

bool ReadDelivery::is_rejected() const {
  return entry.delivery.verdict == webhook::Verdict::rejected;
}

bool ReadDelivery::is_repository_event() const {
  return std::holds_alternative<webhook::RepositoryChanged>(event.what) ||
         std::holds_alternative<webhook::InstallationChanged>(event.what);
}

ReadDelivery read_delivery(const config::Config& config, const Incoming& incoming) {
  Event event;
  try {
    event = webhook::parse_event(incoming.event, incoming.payload);
  } catch (const Error& error) {
    if (error.code() != "payload_invalid" || incoming.only) throw;
    ReadDelivery read;
    read.event.name = incoming.event;
    read.event.what = webhook::Other{};
    read.entry.delivery = new_delivery(incoming);
    read.entry.delivery.verdict = webhook::Verdict::rejected;
    read.entry.delivery.reason = error.text();
    return read;
  }
  const bool is_foreign =
      incoming.only && (!event.repository || event.repository->github_id != *incoming.only);
  if (is_foreign)
    throw Error(
        ErrorKind::denied,
        "unable to take delivery '" + incoming.guid + "': its secret is another repository's",
        "Check `for` in webhook.secrets.", "wrong_repository");
  return read_event(config, incoming, std::move(event));
}

RecordedDelivery record_delivery(pg::Connection& connection, const config::Config& config,
                                 const ReadDelivery& delivery) {
  std::optional<pg::Transaction> transaction;
  if (delivery.is_repository_event()) transaction.emplace(connection);
  auto result = record_one(connection, config, delivery);
  base::fault_point("after_delivery_insert");
  if (transaction) transaction->commit();
  if (has_new_uploads(result)) queue::wake_workers(connection);
  return result;
}

std::vector<std::optional<RecordedDelivery>> record_deliveries(
    pg::Connection& connection, const std::vector<const ReadDelivery*>& deliveries) {
  std::vector<const webhook::DeliveryEntry*> entries;
  entries.reserve(deliveries.size());
  for (const auto* delivery : deliveries)
    entries.push_back(&delivery->entry);
  const auto recorded = webhook::record_deliveries(connection, entries);
  base::fault_point("after_delivery_insert");
  std::vector<std::optional<RecordedDelivery>> results(deliveries.size());
  bool has_work = false;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (recorded[i].is_busy) continue;
    results[i] = result_of(*deliveries[i], recorded[i]);
    has_work |= has_new_uploads(*results[i]);
  }
  if (has_work) queue::wake_workers(connection);
  return results;
}

Replayed replay_delivery(pg::Connection& connection, const config::Config& config,
                         const std::string& guid, const std::string& requested_by,
                         const std::string& reason) {
  const auto kept = webhook::find_delivery(connection, guid);
  Replayed replayed{kept.verdict, kept.reason, kept.upload};
  if (kept.upload) {
    queue::ReplayOptions options;
    options.requested_by = requested_by;
    options.reason = reason;
    queue::replay(connection, *kept.upload, options);
    queue::wake_workers(connection);
    return replayed;
  }
  const auto body = webhook::load_delivery_body(connection, kept.guid);
  const auto payload = webhook::payload_of_form(body).value_or(body);
  Incoming incoming;
  incoming.guid = kept.guid;
  incoming.event = kept.event;
  incoming.sender = kept.sender;
  incoming.headers = webhook::headers_of(kept);
  incoming.body = body;
  incoming.payload = payload;
  const auto read =
      read_event(config, incoming, webhook::parse_event(incoming.event, incoming.payload));
  pg::Transaction transaction(connection);
  // As if it came now for the first time; but it came when it came.
  webhook::delete_delivery(connection, kept.guid);
  const auto result = record_one(connection, config, read);
  webhook::set_received_at(connection, kept.guid, kept.received_at);
  transaction.commit();
  if (!result.uploads.empty()) queue::wake_workers(connection);
  base::log::info("delivery replayed",
                  {{"delivery", kept.guid}, {"verdict", result.verdict}, {"by", requested_by}});
  replayed.verdict = result.verdict;
  replayed.reason = result.reason;
  if (!result.uploads.empty()) replayed.upload = result.uploads.front();
  return replayed;
}

}  // namespace devy::upload
