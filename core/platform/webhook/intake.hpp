#pragma once
// Records webhook deliveries: everything that one causes becomes rows in one transaction before its
// sender gets a response. The caller has verified the signature; what a delivery causes is decided
// by the systems' subscribers.
//
// It does none of the work of an operation, contacts no remote, and waits only for the database.
// Borrows the connection; one thread.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/subscriber.hpp"

namespace devy::webhook {

struct Incoming {
  std::string guid;   // a canonical UUID
  std::string event;  // the name in the header
  std::string sender;
  std::vector<std::pair<std::string, std::string>> headers;  // to be stored
  std::string_view body;                                     // as received; borrowed
  std::string_view payload;                                  // the JSON in the body; borrowed
  Scope scope;                                               // of the signer's secret
};

// A delivery that was read and checked against the rules; nothing of it is stored yet. It borrows
// the body that its Incoming borrowed.
struct ReadDelivery {
  Event event;
  NewDelivery delivery;
  bool is_replay = false;  // it was stored before, and its body stays what it is

  // True for a delivery that breaks a rule: it is stored for reference, and its sender is told.
  [[nodiscard]] bool is_rejected() const { return delivery.verdict == Verdict::rejected; }
};

// Throws Error(denied) for a delivery that its signer's secret is not valid for (scope.hpp); such a
// delivery must not be stored.
[[nodiscard]] ReadDelivery read_delivery(const Incoming& incoming);

// True when a subscriber wants the delivery recorded alone.
[[nodiscard]] bool is_solo(Subscribers subscribers, const ReadDelivery& delivery);

struct RecordedDelivery {
  std::string event;
  // False: nothing changed, because its GUID, or the same payload under another one, was known.
  bool is_new = true;
  // Its GUID is that of a delivery with another payload. Nothing was stored, and nothing of the
  // other one is told.
  bool is_foreign = false;
  std::string verdict, reason;  // accepted, ignored, rejected
  std::vector<base::OperationId> operations;
  std::optional<std::string> warning;  // for the person who configured the hook
};

// Records a single delivery of any kind. It waits for the locks of other sessions.
[[nodiscard]] RecordedDelivery record_delivery(pg::Connection& connection,
                                               const config::Config& config,
                                               Subscribers subscribers,
                                               const ReadDelivery& delivery);
// Records several deliveries in one commit, in the order in which they came; none of them may be
// is_solo(). The result is empty for a delivery that needs what another session has locked: it must
// be recorded alone. When it throws, nothing is stored.
[[nodiscard]] std::vector<std::optional<RecordedDelivery>> record_deliveries(
    pg::Connection& connection, const config::Config& config, Subscribers subscribers,
    const std::vector<const ReadDelivery*>& deliveries);

// Repeats what a stored delivery asked for: its operations are replayed, or the delivery is
// recorded again when it has none.
struct ReplayedDelivery {
  std::string verdict, reason;
  std::vector<base::OperationId> operations;
};
// `note`, which writes the audit for a person, runs last in its transaction: when that throws,
// nothing was replayed. Throws Error(not_found), and Error(conflict) when none of its operations
// can be replayed (queue::replay).
[[nodiscard]] ReplayedDelivery replay_delivery(pg::Connection& connection,
                                               const config::Config& config,
                                               Subscribers subscribers, const std::string& guid,
                                               const std::string& requested_by,
                                               const std::string& reason,
                                               const std::function<void()>& note = {});

// The error that replay_delivery() would throw because of the operations that it brought; nothing
// when it would go on. Changes nothing.
[[nodiscard]] std::optional<base::Error> replay_obstacle(pg::Connection& connection,
                                                         Subscribers subscribers,
                                                         const std::string& guid);

// The operations that a stored delivery brought, of all systems.
[[nodiscard]] std::vector<base::OperationId> operations_of(pg::Connection& connection,
                                                           Subscribers subscribers,
                                                           const std::string& guid);

}  // namespace devy::webhook
