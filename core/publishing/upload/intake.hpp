#pragma once
// Records webhook deliveries: everything that one causes becomes rows in one transaction before its
// sender gets a response. The caller has verified the signature.
//
// Intake does no part of an upload's work, contacts no remote, and waits for nothing but the
// database. Borrows the connection; one thread.

#include <cstdint>
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

namespace devy::upload {

struct Incoming {
  std::string guid;   // a canonical UUID
  std::string event;  // as named in the header
  std::string sender;
  std::vector<std::pair<std::string, std::string>> headers;  // the headers to store
  std::string_view body;                                     // as received; borrowed
  std::string_view payload;                                  // the JSON in it; borrowed
  // Set when the signing secret is valid for this repository only.
  std::optional<std::int64_t> only;
};

// A parsed delivery, checked against the rules; nothing of it is stored yet. Borrows the body that
// its Incoming borrowed.
struct ReadDelivery {
  webhook::Event event;
  webhook::DeliveryEntry entry;

  // True when it breaks a rule: it is stored for reference, and its sender gets an error.
  [[nodiscard]] bool is_rejected() const;
  // True for repository events other than pushes, which need a transaction of their own.
  [[nodiscard]] bool is_repository_event() const;
};

// Throws Error(denied, "wrong_repository") when the payload is about another repository than its
// signer may speak for; such a delivery must not be stored.
[[nodiscard]] ReadDelivery read_delivery(const config::Config& config, const Incoming& incoming);

struct RecordedDelivery {
  std::string event;
  bool is_new = true;           // false: its GUID was already known, and nothing changed
  std::string verdict, reason;  // accepted, ignored, rejected
  std::vector<base::UploadId> uploads;
  std::optional<std::string> warning;  // for the person who configured the hook
};

// Records a single delivery of any kind. It waits for locks that other sessions hold.
[[nodiscard]] RecordedDelivery record_delivery(pg::Connection& connection,
                                               const config::Config& config,
                                               const ReadDelivery& delivery);
// Records several deliveries in one commit, in the order in which they came; none may be a
// repository event. The result is empty for a delivery whose blog another session has locked: it
// has to be recorded on its own. When this throws, nothing was stored.
[[nodiscard]] std::vector<std::optional<RecordedDelivery>> record_deliveries(
    pg::Connection& connection, const std::vector<const ReadDelivery*>& deliveries);

// Repeats what a stored delivery asked for: its upload is replayed, or recorded when it has none.
struct Replayed {
  std::string verdict, reason;
  std::optional<base::UploadId> upload;
};
// Throws Error(not_found), and Error(conflict) when its upload has not ended.
[[nodiscard]] Replayed replay_delivery(pg::Connection& connection, const config::Config& config,
                                       const std::string& guid, const std::string& requested_by,
                                       const std::string& reason);

}  // namespace devy::upload
