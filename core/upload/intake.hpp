#pragma once
// Takes webhook deliveries in: what one says becomes rows, all in one transaction, before its
// sender is answered. Whoever calls has seen that it is rightly signed.
//
// Does no work of an upload, asks no remote, and waits for nothing but the database. Borrows the
// connection; one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/id.hpp"
#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/store/delivery_store.hpp"
#include "core/webhook/event.hpp"

namespace devy::upload {

struct Incoming {
  std::string guid;   // canonical UUID
  std::string event;  // as the header names it
  std::string sender;
  std::vector<std::pair<std::string, std::string>> headers;  // to be kept
  std::string_view body;                                     // as received; borrowed
  std::string_view payload;                                  // the JSON in it; borrowed
  std::optional<std::int64_t> only;  // the signer may speak of this repository alone
};

// What a delivery says, read and held against the rules; nothing of it is stored yet. Borrows the
// body that its Incoming borrowed.
struct ReadDelivery {
  webhook::Event event;
  store::DeliveryEntry entry;

  // One that breaks a rule: it is stored for reference, and its sender told so.
  [[nodiscard]] bool is_rejected() const;
  // News of repositories besides pushes want a transaction of their own.
  [[nodiscard]] bool is_news() const;
};

// Throws Error(denied, "wrong_repository") for what speaks of another repository than its signer
// may; that is not to be stored.
[[nodiscard]] ReadDelivery read_delivery(const config::Config& config, const Incoming& incoming);

struct Taken {
  std::string event;
  bool is_new = true;           // false: its GUID was known, and nothing changed
  std::string verdict, reason;  // accepted, ignored, rejected
  std::vector<base::UploadId> uploads;
  std::optional<std::string> warning;  // for whoever set the hook up
};

// One alone, whatever it is. Waits for the locks of others.
[[nodiscard]] Taken take_delivery(pg::Connection& connection, const config::Config& config,
                                  const ReadDelivery& delivery);
// Several in one commit, none of them news, in the order in which they came. Nothing for one whose
// blog another session holds: it is to be taken alone. Nothing is stored when it throws.
[[nodiscard]] std::vector<std::optional<Taken>> take_together(
    pg::Connection& connection, const std::vector<const ReadDelivery*>& deliveries);

// Does again what a kept delivery asked for: its upload is replayed, or recorded when it has none.
struct Replayed {
  std::string verdict, reason;
  std::optional<base::UploadId> upload;
};
// Throws Error(not_found), Error(conflict) when its upload has not ended.
[[nodiscard]] Replayed replay_delivery(pg::Connection& connection, const config::Config& config,
                                       const std::string& guid, const std::string& requested_by,
                                       const std::string& reason);

}  // namespace devy::upload
