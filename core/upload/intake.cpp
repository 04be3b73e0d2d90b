#include "core/upload/intake.hpp"

#include "core/base/error.hpp"
#include "core/base/fault_point.hpp"
#include "core/base/log.hpp"
#include "core/queue/ingest.hpp"
#include "core/store/delivery_store.hpp"
#include "core/store/repository_store.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/repository_news.hpp"
#include "core/webhook/form.hpp"

namespace devy::upload {
namespace {

using base::Error;
using base::ErrorKind;
using webhook::Event;

store::NewDelivery new_delivery(const Incoming& incoming) {
  store::NewDelivery delivery;
  delivery.guid = incoming.guid;
  delivery.event = incoming.event;
  delivery.sender = incoming.sender;
  delivery.headers = incoming.headers;
  delivery.body = incoming.body;
  return delivery;
}

// Why a push makes no upload, by itself alone; empty: it may make one.
std::string why_ignored(const webhook::Push& push) {
  if (push.branch.empty()) return "not a branch";
  // Its posts stay: a deleted branch may be a slip of the hand.
  if (push.is_deleted) return "branch deleted";
  if (push.is_skipped) return "skip marker";
  return {};
}

store::PushedTo pushed_to(const config::Config& config, const Event& event,
                          const webhook::Push& push) {
  store::PushedTo to;
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
  return to;
}

Taken taken(const Event& event, const store::RecordedDelivery& recorded) {
  Taken result;
  result.event = event.name;
  result.is_new = recorded.is_new;
  result.verdict = recorded.verdict;
  result.reason = recorded.reason;
  if (recorded.upload) result.uploads.push_back(*recorded.upload);
  return result;
}

Taken take_push(pg::Connection& connection, const config::Config& config, const Event& event,
                const webhook::Push& push, store::NewDelivery delivery) {
  delivery.reason = why_ignored(push);
  std::optional<store::PushedTo> to;
  if (delivery.reason.empty()) to = pushed_to(config, event, push);
  else delivery.verdict = store::Verdict::ignored;
  return taken(event, store::record_delivery(connection, delivery, to));
}

Taken take_news(pg::Connection& connection, const config::Config& config, const Event& event,
                store::NewDelivery delivery) {
  auto result = taken(event, store::record_delivery(connection, delivery, std::nullopt));
  if (result.is_new) result.uploads = apply_news(connection, config, event, delivery.guid);
  return result;
}

Taken take_other(pg::Connection& connection, const Event& event, store::NewDelivery delivery) {
  delivery.verdict = store::Verdict::ignored;
  delivery.reason = event.name == "ping" ? "a ping" : "nothing to do";
  auto result = taken(event, store::record_delivery(connection, delivery, std::nullopt));
  if (const auto* ping = std::get_if<webhook::Ping>(&event.what)) {
    if (!ping->has_push) result.warning = "the hook does not send pushes";
    else if (ping->is_insecure) result.warning = "the hook does not verify certificates";
    if (result.warning)
      base::log::warning("hook misconfigured",
                         {{"delivery", delivery.guid}, {"warning", *result.warning}});
  }
  return result;
}

bool is_news(const Event& event) {
  return std::holds_alternative<webhook::RepositoryChanged>(event.what) ||
         std::holds_alternative<webhook::InstallationChanged>(event.what);
}

// One statement, but for news, which want a transaction around.
Taken take(pg::Connection& connection, const config::Config& config, const Event& event,
           const Incoming& incoming) {
  auto delivery = new_delivery(incoming);
  delivery.action = event.action;
  if (event.repository) delivery.github_id = event.repository->github_id;
  if (const auto* push = std::get_if<webhook::Push>(&event.what))
    return take_push(connection, config, event, *push, std::move(delivery));
  if (is_news(event)) return take_news(connection, config, event, std::move(delivery));
  return take_other(connection, event, std::move(delivery));
}

Event parse_or_reject(pg::Connection& connection, const Incoming& incoming) {
  try {
    return webhook::parse_event(incoming.event, incoming.payload);
  } catch (const Error& error) {
    if (error.code() != "payload_invalid" || incoming.only) throw;
    auto delivery = new_delivery(incoming);
    delivery.verdict = store::Verdict::rejected;
    delivery.reason = error.text();
    static_cast<void>(store::record_delivery(connection, delivery, std::nullopt));
    throw;
  }
}

}  // namespace

Taken take_delivery(pg::Connection& connection, const config::Config& config,
                    const Incoming& incoming) {
  const auto event = parse_or_reject(connection, incoming);
  const bool is_foreign =
      incoming.only && (!event.repository || event.repository->github_id != *incoming.only);
  if (is_foreign)
    throw Error(
        ErrorKind::denied,
        "unable to take delivery '" + incoming.guid + "': its secret is another repository's",
        "Check `for` in webhook.secrets.", "wrong_repository");
  if (incoming.admit && event.repository) incoming.admit(event.repository->github_id);
  std::optional<pg::Transaction> transaction;
  if (is_news(event)) transaction.emplace(connection);
  auto result = take(connection, config, event, incoming);
  base::fault_point("D2");
  if (transaction) transaction->commit();
  if (result.is_new && !result.uploads.empty()) queue::wake_workers(connection);
  return result;
}

Replayed replay_delivery(pg::Connection& connection, const config::Config& config,
                         const std::string& guid, const std::string& requested_by,
                         const std::string& reason) {
  const auto kept = store::find_delivery(connection, guid);
  Replayed replayed{kept.verdict, kept.reason, kept.upload};
  if (kept.upload) {
    queue::ReplayOptions options;
    options.requested_by = requested_by;
    options.reason = reason;
    queue::replay(connection, *kept.upload, options);
    queue::wake_workers(connection);
    return replayed;
  }
  const auto body = store::load_delivery_body(connection, kept.guid);
  const auto payload = webhook::payload_of_form(body).value_or(body);
  Incoming incoming;
  incoming.guid = kept.guid;
  incoming.event = kept.event;
  incoming.sender = kept.sender;
  incoming.headers = store::headers_of(kept);
  incoming.body = body;
  incoming.payload = payload;
  const auto event = webhook::parse_event(incoming.event, incoming.payload);
  pg::Transaction transaction(connection);
  // As if it came now for the first time; but it came when it came.
  store::delete_delivery(connection, kept.guid);
  const auto result = take(connection, config, event, incoming);
  store::set_received_at(connection, kept.guid, kept.received_at);
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
