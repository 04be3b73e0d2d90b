#include "core/sync/inbound/handler.hpp"

#include <chrono>

#include "core/mirror/scan/apply_told.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/form.hpp"
#include "core/sync/inbound/observer.hpp"
#include "core/sync/inbound/payload.hpp"
#include "core/sync/merging/merging.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/store/merge_store.hpp"

namespace devy::inbound {
namespace {

using base::Error;
using base::ErrorKind;
using merging::Effect;
using queue::AttemptResult;

// A comment waits so long for its task to be made.
constexpr std::chrono::milliseconds task_pause{250};

constexpr json::Format payload_format{.name = "a webhook's payload",
                                      .bytes_max = webhook::payload_bytes_max,
                                      .depth_max = webhook::payload_depth_max,
                                      .repeated = json::Repeated::last_counts,
                                      .kind = ErrorKind::rejected,
                                      .code = "payload_invalid"};

struct Document {
  webhook::Delivery delivery;
  json::Value payload;
};

// Nothing once the body is kept no more: the row is all that there is.
std::optional<Document> load_document(pg::Connection& connection, const std::string& guid) {
  try {
    auto delivery = webhook::find_delivery(connection, guid);
    const auto body = webhook::load_delivery_body(connection, guid);
    auto payload = json::parse(webhook::payload_of_form(body).value_or(body), payload_format);
    return Document{std::move(delivery), std::move(payload)};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return std::nullopt;
  }
}

struct Member {
  std::string_view name;
  const char* list;
};

Member member_of(const sync::Reason& reason, const Document& document) {
  if (!reason.is_task) return {"comment", "comments"};
  if (document.delivery.event == "pull_request") return {"pull_request", "pulls"};
  return {"issue", "issues"};
}

// Keeps the value of a delivery that the row has passed over: it may be all that is left of an edit
// that another one, or ours, took the place of.
void keep_what_was_passed(pg::Connection& connection, const sync::Reason& reason,
                          const json::Value& document, const base::OperationId& operation) {
  const auto pairs = sync::load_pairs(connection, std::span(&reason.link, 1));
  if (pairs.empty() || !pairs.front().local) return;
  const auto value =
      reason.is_task
          ? record::to_json(record::to_local(remote_task_of(document),
                                             merging::label_map(pairs.front().labels)))
          : json::Json::object({{"body", record::to_local(remote_comment_of(document))}});
  sync::keep_value(connection, reason.link, value, operation);
}

void apply_document(pg::Connection& connection, const sync::Reason& reason,
                    const Document& document, const base::OperationId& operation) {
  const auto member = member_of(reason, document);
  const auto* list = scan::find_list(member.list);
  if (list == nullptr)
    throw Error(ErrorKind::internal, "unable to apply a delivery: its subject is unknown");
  const scan::Told told{document.payload,
                        document.delivery.event,
                        document.delivery.action,
                        member.name,
                        *list,
                        document.delivery.scope,
                        document.delivery.received_at,
                        reason.repository_id};
  const auto applied = scan::apply_told(connection, told);
  const auto main = applied.find(list->relation);
  if (main != applied.end() && main->second.stale > 0 && !scan::end_of(told))
    keep_what_was_passed(connection, reason, document.payload.at(member.name), operation);
}

AttemptResult held_result(const sync::Reason& reason) {
  AttemptResult result;
  result.outcome = queue::Outcome::held;
  result.error_code = "mass_delete";
  result.error_text = "unable to follow the deletion of " + reason.target +
                      ": too many issues and comments were deleted within ten minutes";
  result.error_hint =
      "Look at the repository, then run 'devy-upload project approve' if it is meant so.";
  return result;
}

std::string_view outcome_of(Effect effect) {
  return effect == Effect::absent ? "unchanged" : merging::to_string(effect);
}

}  // namespace

// A pair that is there no more went into another one's.
merging::Result Handler::merge(pg::Connection& connection, const std::string& link,
                               const merging::Merging& merging) const {
  auto results = merging::merge_pairs(connection, config_, std::span(&link, 1), merging);
  return results.empty() ? merging::Result{.link = link} : std::move(results.front());
}

std::optional<AttemptResult> Handler::run(queue::Attempt& attempt, const sync::Reason& reason) {
  auto& connection = attempt.connection;
  const auto& operation = attempt.lease.operation;
  if (queue::begin_step(connection, attempt.lease, {"merge", true, config_.queue.lease_ttl}) !=
      queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
  std::optional<Document> document;
  if (reason.delivery) document = load_document(connection, *reason.delivery);
  base::fault_point("before_sync_merge");
  pg::Transaction transaction(connection);
  queue::fence(connection, attempt.lease, config_.queue.lease_ttl);
  if (document) apply_document(connection, reason, *document, operation);
  merging::Merging merging;
  merging.operation = operation;
  merging.is_approved = attempt.lease.is_approved;
  auto merged = merge(connection, reason.link, merging);
  const bool is_moved = merged.effect == Effect::moved;
  if (is_moved) {
    merged = merge(connection, reason.link, merging);
    if (merged.effect == Effect::absent) merged.effect = Effect::applied;
  }
  // Whatever else the delivery said concerns other records.
  const Observer observer(reason.link);
  mirror::tell_observers(connection, {&observer});
  AttemptResult result;
  if (merged.effect == Effect::held) result = held_result(reason);
  else if (merged.effect == Effect::waiting) {
    result.outcome = queue::Outcome::interrupted;
    result.delay = task_pause;
  } else {
    if (!merged.revision.empty()) result.revision = merged.revision;
    sync::note_outcome(connection, operation, outcome_of(merged.effect), merged.at);
  }
  queue::finish(connection, attempt.lease, result);
  if (is_moved) sync::forget_end(connection, reason.link);
  base::fault_point("before_sync_commit");
  transaction.commit();
  if (document || !merged.to_send.empty()) queue::wake_workers(connection);
  return std::nullopt;
}

}  // namespace devy::inbound
