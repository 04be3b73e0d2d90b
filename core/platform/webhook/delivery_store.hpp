#pragma once
// Deliveries: webhook requests as received. What they cause is the subscribers' (subscriber.hpp),
// in the same transaction. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::webhook {

enum class Verdict { accepted, ignored, rejected };
[[nodiscard]] std::string_view to_string(Verdict verdict);

struct NewDelivery {
  std::string guid;  // a canonical UUID
  std::string event, action;
  std::optional<std::int64_t> github_id;
  std::string sender;  // the network address; empty: unknown
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  // borrowed for the call
  Verdict verdict = Verdict::accepted;
  std::string reason;
};

struct StoredDelivery {
  bool is_new = true;           // false: this GUID was already known, and nothing changed
  std::string verdict, reason;  // as they are stored
};
// Stores all of them in one statement and returns one result each, in order. Outside a transaction
// the statement commits by itself. When it throws, nothing was stored.
[[nodiscard]] std::vector<StoredDelivery> store_deliveries(
    pg::Connection& connection, std::span<const NewDelivery* const> deliveries);

// ---- reading

struct Delivery {
  std::string guid, event, action, verdict, reason, sender;
  base::TimePoint received_at;
  std::optional<std::int64_t> github_id;
  std::string headers_json;
  std::int64_t body_bytes = 0;  // 0 once the body was pruned
};
struct DeliveryFilter {
  std::optional<std::string> event = {}, verdict = {};
  std::optional<std::int64_t> github_id = {};  // of the repository
  std::optional<base::Duration> since = {};
  int limit = 50;
};
// The newest come first.
[[nodiscard]] std::vector<Delivery> list_deliveries(pg::Connection& connection,
                                                    const DeliveryFilter& filter);
// Accepts a GUID, or any unambiguous prefix of at least 4 of its digits. Throws Error(not_found).
[[nodiscard]] Delivery find_delivery(pg::Connection& connection, const std::string& name);
// Throws Error(not_found) once the body was pruned.
[[nodiscard]] std::string load_delivery_body(pg::Connection& connection, const std::string& guid);

// Returns the stored headers as they were received.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> headers_of(const Delivery& delivery);

// Deletes the row of a delivery that is to be recorded again; the new row gets a time of its own.
void delete_delivery(pg::Connection& connection, const std::string& guid);
void set_received_at(pg::Connection& connection, const std::string& guid, base::TimePoint at);

// Old deliveries, and earlier the bodies of those that stay.
[[nodiscard]] std::vector<queue::Prunable> prunables();

}  // namespace devy::webhook
