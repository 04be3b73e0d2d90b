#include "core/platform/webhook/intake.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/webhook/body_budget.hpp"
#include "core/platform/webhook/form.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;

// The payload is digested and not the body, because a redelivery may be encoded otherwise.
base::Sha256 digest_of(const Incoming& incoming) {
  base::Sha256Stream stream;
  stream.field(incoming.event);
  stream.field(incoming.payload);
  return stream.finish();
}

NewDelivery new_delivery(const Incoming& incoming) {
  NewDelivery delivery;
  delivery.guid = incoming.guid;
  delivery.event = incoming.event;
  delivery.scope = incoming.scope;
  delivery.digest = digest_of(incoming);
  delivery.sender = incoming.sender;
  delivery.headers = incoming.headers;
  delivery.body = incoming.body;
  return delivery;
}

ReadDelivery read_event(const Incoming& incoming, Event event) {
  ReadDelivery read{std::move(event), new_delivery(incoming)};
  read.delivery.action = read.event.action;
  if (read.event.repository) read.delivery.github_id = read.event.repository->github_id;
  return read;
}

// The reason for ignoring an event that concerns no system.
std::string no_effect_reason(const Event& event) {
  return std::holds_alternative<Ping>(event.what) ? "a ping" : "nothing to do";
}

std::optional<std::string> warning_of(const Event& event) {
  const auto* ping = std::get_if<Ping>(&event.what);
  if (ping == nullptr) return std::nullopt;
  if (!ping->has_push) return "the hook does not send pushes";
  if (ping->is_insecure) return "the hook does not verify certificates";
  return std::nullopt;
}

// One batch on its way through a transaction of the caller's.
class Batch {
 public:
  Batch(pg::Connection& connection, const config::Config& config, Subscribers subscribers,
        const std::vector<const ReadDelivery*>& deliveries)
      : connection_(connection),
        config_(config),
        subscribers_(subscribers),
        deliveries_(deliveries),
        results_(deliveries.size()) {}

  // The result is empty for what is busy.
  std::vector<std::optional<RecordedDelivery>> record(bool may_wait) {
    consider(may_wait);
    account_for_bodies();
    store();
    tell_subscribers();
    return std::move(results_);
  }
  // The bodies that record() kept, for the transaction's last statement.
  [[nodiscard]] const std::vector<Charge>& charges() const { return charges_; }

 private:
  // Asks every system at once what it would do with the whole batch.
  void consider(bool may_wait) {
    std::vector<Received> received;
    for (const auto* delivery : deliveries_) {
      verdicts_.push_back(delivery->delivery);
      if (delivery->is_rejected()) continue;
      considered_.push_back(verdicts_.size() - 1);
      received.push_back({delivery->delivery.guid, delivery->event, delivery->delivery.scope});
    }
    is_busy_.resize(deliveries_.size());
    is_needed_.resize(deliveries_.size());
    std::vector<bool> is_accepted(deliveries_.size());
    if (received.empty()) return;
    for (const auto* subscriber : subscribers_) {
      const auto opinions = subscriber->consider(connection_, config_, received, may_wait);
      auto& relevant = relevant_.emplace_back(deliveries_.size());
      for (std::size_t i = 0; i < opinions.size(); ++i) {
        const auto place = considered_[i];
        relevant[place] = opinions[i].is_accepted || opinions[i].is_relevant;
        if (opinions[i].is_busy) is_busy_[place] = true;
        if (opinions[i].is_accepted || !opinions[i].reason.empty()) is_needed_[place] = true;
        if (opinions[i].is_accepted) is_accepted[place] = true;
        if (verdicts_[place].reason.empty()) verdicts_[place].reason = opinions[i].reason;
      }
    }
    for (const auto place : considered_) {
      auto& verdict = verdicts_[place];
      verdict.verdict = is_accepted[place] ? Verdict::accepted : Verdict::ignored;
      if (is_accepted[place]) verdict.reason.clear();
      else if (verdict.reason.empty()) verdict.reason = no_effect_reason(deliveries_[place]->event);
    }
  }

  // A delivery that is recorded alone is accepted by its event's name, and so are the words of one
  // that broke a rule: their repositories may be anybody's invention.
  [[nodiscard]] Payer payer_of(std::size_t place) const {
    const bool is_known = verdicts_[place].verdict == Verdict::accepted &&
                          verdicts_[place].github_id && !is_solo(subscribers_, *deliveries_[place]);
    return is_known ? *verdicts_[place].github_id : unknown_repositories;
  }

  // The body of a replayed delivery was paid for when it came, and is only stored again.
  void account_for_bodies() {
    for (std::size_t place = 0; place < deliveries_.size(); ++place) {
      const auto& delivery = *deliveries_[place];
      if (delivery.is_replay) continue;
      if (is_needed_[place] || delivery.is_rejected()) verdicts_[place].payer = payer_of(place);
      else verdicts_[place].omission = Omission::unneeded;
    }
  }

  void store() {
    std::vector<const NewDelivery*> rows;
    for (std::size_t place = 0; place < deliveries_.size(); ++place) {
      if (is_busy_[place]) continue;
      stored_.push_back(place);
      rows.push_back(&verdicts_[place]);
    }
    if (rows.empty()) return;
    const auto stored =
        store_deliveries(connection_, rows, config_.webhook.repository_bodies_bytes_max);
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const auto& delivery = *deliveries_[stored_[i]];
      auto& result = results_[stored_[i]].emplace();
      result.event = delivery.event.name;
      const auto standing = stored[i].standing;
      result.is_new = standing == Standing::fresh;
      result.is_foreign = standing == Standing::foreign;
      if (standing == Standing::again) known_.push_back(stored_[i]);
      else if (standing != Standing::foreign && stored[i].is_body_kept) charge(stored_[i]);
      result.verdict = stored[i].verdict;
      result.reason = stored[i].reason;
      result.warning = warning_of(delivery.event);
      if (result.warning)
        base::log::warning("hook misconfigured",
                           {{"delivery", delivery.delivery.guid}, {"warning", *result.warning}});
    }
  }

  void charge(std::size_t place) {
    const auto& row = verdicts_[place];
    if (row.payer) charges_.push_back({row.body.size(), *row.payer});
  }

  // Each subscriber is told of the new deliveries that concern it.
  void tell_subscribers() {
    std::vector<std::string> known;
    for (const auto place : known_)
      known.push_back(deliveries_[place]->delivery.guid);
    for (std::size_t n = 0; n < subscribers_.size(); ++n) {
      const auto* subscriber = subscribers_[n];
      std::vector<Received> fresh;
      std::vector<std::size_t> fresh_places;
      for (const auto place : stored_) {
        const auto& delivery = *deliveries_[place];
        if (!results_[place]->is_new || relevant_.empty() || !relevant_[n][place]) continue;
        fresh.push_back({delivery.delivery.guid, delivery.event, delivery.delivery.scope});
        fresh_places.push_back(place);
      }
      if (!fresh.empty()) add(subscriber->record(connection_, config_, fresh), fresh_places);
      if (!known.empty()) add(subscriber->find_recorded(connection_, known), known_);
    }
  }

  void add(const Operations& operations, const std::vector<std::size_t>& places) {
    for (std::size_t i = 0; i < operations.size(); ++i)
      for (const auto& id : operations[i])
        results_[places[i]]->operations.push_back(id);
  }

  pg::Connection& connection_;
  const config::Config& config_;
  const Subscribers subscribers_;
  const std::vector<const ReadDelivery*>& deliveries_;
  std::vector<NewDelivery> verdicts_;    // the rows to be stored
  std::vector<std::size_t> considered_;  // the places of what subscribers were asked about
  std::vector<std::size_t> stored_;      // the places of what is not busy
  std::vector<std::size_t> known_;       // the places of what was recorded before
  std::vector<bool> is_busy_, is_needed_;
  std::vector<std::vector<bool>> relevant_;  // by subscriber and place; empty: none was asked
  std::vector<Charge> charges_;
  std::vector<std::optional<RecordedDelivery>> results_;
};

bool has_new_operations(const RecordedDelivery& recorded) {
  return recorded.is_new && !recorded.operations.empty();
}

RecordedDelivery record_solo(Batch& batch) {
  auto result = std::move(batch.record(true).front());
  // A resource that was made since, or a repository that is known since by another name.
  if (!result)
    throw Error(ErrorKind::busy, "unable to record a delivery: its blog changes at this moment", {},
                "database_busy");
  return *std::move(result);
}

}  // namespace

ReadDelivery read_delivery(const Incoming& incoming) {
  Event event;
  try {
    event = parse_event(incoming.event, incoming.payload);
  } catch (const Error& error) {
    if (error.code() != "payload_invalid" || incoming.scope.reach == Reach::repository) throw;
    ReadDelivery read;
    read.event.name = incoming.event;
    read.event.what = Other{};
    read.delivery = new_delivery(incoming);
    read.delivery.verdict = Verdict::rejected;
    read.delivery.reason = error.text();
    return read;
  }
  require_in_scope(incoming.scope, event);
  return read_event(incoming, std::move(event));
}

bool is_solo(Subscribers subscribers, const ReadDelivery& delivery) {
  return std::ranges::any_of(
      subscribers, [&](const auto* subscriber) { return subscriber->is_solo(delivery.event); });
}

RecordedDelivery record_delivery(pg::Connection& connection, const config::Config& config,
                                 Subscribers subscribers, const ReadDelivery& delivery) {
  pg::Transaction transaction(connection);
  const std::vector<const ReadDelivery*> one{&delivery};
  Batch batch(connection, config, subscribers, one);
  auto result = record_solo(batch);
  base::fault_point("after_delivery_insert");
  commit_charging(transaction, batch.charges());
  if (has_new_operations(result)) queue::wake_workers(connection);
  return result;
}

std::vector<std::optional<RecordedDelivery>> record_deliveries(
    pg::Connection& connection, const config::Config& config, Subscribers subscribers,
    const std::vector<const ReadDelivery*>& deliveries) {
  pg::Transaction transaction(connection);
  Batch batch(connection, config, subscribers, deliveries);
  auto results = batch.record(false);
  base::fault_point("after_delivery_insert");
  commit_charging(transaction, batch.charges());
  const bool has_work = std::ranges::any_of(
      results, [](const auto& result) { return result && has_new_operations(*result); });
  if (has_work) queue::wake_workers(connection);
  return results;
}

std::vector<base::OperationId> operations_of(pg::Connection& connection, Subscribers subscribers,
                                             const std::string& guid) {
  const std::vector<std::string> guids{guid};
  std::vector<base::OperationId> operations;
  for (const auto* subscriber : subscribers) {
    const auto recorded = subscriber->find_recorded(connection, guids);
    operations.insert(operations.end(), recorded.front().begin(), recorded.front().end());
  }
  return operations;
}

namespace {

// A refusal of one system is no reason to leave out another's operation; that nothing can be
// replayed is an error, the first one's.
std::vector<base::OperationId> replay_those_that_can(pg::Connection& connection,
                                                     const std::vector<base::OperationId>& ids,
                                                     const queue::ReplayOptions& options) {
  std::vector<base::OperationId> replayed;
  std::optional<base::Error> refused;
  for (const auto& id : ids) {
    try {
      queue::replay(connection, id, options);
      replayed.push_back(id);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::conflict) throw;
      if (!refused) refused = error;
    }
  }
  if (replayed.empty() && refused) throw base::Error(*refused);
  return replayed;
}

}  // namespace

std::optional<base::Error> replay_obstacle(pg::Connection& connection, Subscribers subscribers,
                                           const std::string& guid) {
  std::optional<base::Error> first;
  for (const auto& id : operations_of(connection, subscribers, guid)) {
    auto obstacle = queue::replay_obstacle(connection, id, {});
    if (!obstacle) return std::nullopt;
    if (!first) first = std::move(obstacle);
  }
  return first;
}

ReplayedDelivery replay_delivery(pg::Connection& connection, const config::Config& config,
                                 Subscribers subscribers, const std::string& guid,
                                 const std::string& requested_by, const std::string& reason,
                                 const std::function<void()>& note) {
  const auto kept = find_delivery(connection, guid);
  ReplayedDelivery replayed{kept.verdict, kept.reason,
                            operations_of(connection, subscribers, kept.guid)};
  if (!replayed.operations.empty()) {
    queue::ReplayOptions options;
    options.requested_by = requested_by;
    options.reason = reason;
    pg::Transaction transaction(connection);
    replayed.operations = replay_those_that_can(connection, replayed.operations, options);
    if (note) note();
    transaction.commit();
    queue::wake_workers(connection);
    return replayed;
  }
  const auto body = load_delivery_body(connection, kept.guid);
  const auto payload = payload_of_form(body).value_or(body);
  Incoming incoming;
  incoming.guid = kept.guid;
  incoming.event = kept.event;
  incoming.scope = kept.scope;
  incoming.sender = kept.sender;
  incoming.headers = headers_of(kept);
  incoming.body = body;
  incoming.payload = payload;
  auto read = read_event(incoming, parse_event(incoming.event, incoming.payload));
  read.is_replay = true;
  pg::Transaction transaction(connection);
  // It is recorded as if it came now for the first time; the time at which it came stays.
  delete_delivery(connection, kept.guid);
  const std::vector<const ReadDelivery*> one{&read};
  Batch batch(connection, config, subscribers, one);
  const auto result = record_solo(batch);
  set_received_at(connection, kept.guid, kept.received_at);
  if (note) note();
  commit_charging(transaction, batch.charges());
  if (!result.operations.empty()) queue::wake_workers(connection);
  base::log::info("delivery replayed",
                  {{"delivery", kept.guid}, {"verdict", result.verdict}, {"by", requested_by}});
  return {result.verdict, result.reason, result.operations};
}

}  // namespace devy::webhook
