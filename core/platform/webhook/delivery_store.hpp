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
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"
#include "core/platform/webhook/body_budget.hpp"
#include "core/platform/webhook/scope.hpp"

namespace devy::webhook {

enum class Verdict { accepted, ignored, rejected };
[[nodiscard]] std::string_view to_string(Verdict verdict);

struct NewDelivery {
  std::string guid;  // a canonical UUID
  std::string event, action;
  std::optional<std::int64_t> github_id;
  Scope scope;            // of the secret that signed it
  base::Sha256 digest{};  // of the event's name and the payload
  std::string sender;     // the network address; empty: unknown
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  // borrowed for the call
  // Why the body is not kept (body_budget.hpp); nothing: it is kept as far as the budget goes.
  std::optional<Omission> omission = {};
  std::optional<Payer> payer = {};  // nobody: the body is kept without an account
  Verdict verdict = Verdict::accepted;
  std::string reason;
};

// GUIDs are not signed, so a captured delivery can come under another, and another delivery under
// a known one.
enum class Standing {
  fresh,    // to be acted on: its GUID is new, or it was ignored and is accepted now
  again,    // the delivery of this GUID is stored; nothing changed
  copy,     // the same event and payload were accepted under another GUID; stored as ignored
  foreign,  // the GUID is that of a delivery with another payload; nothing changed
};
struct StoredDelivery {
  Standing standing = Standing::fresh;
  std::string verdict, reason;  // as they are stored; of a foreign one its own
  bool is_body_kept = false;    // unless it is foreign, or stored before
};
// `budget_bytes`: limit for the bodies of each payer a day (UTC). Stores all of them in one
// statement and returns one result each, in order. Outside a transaction the statement commits by
// itself. When it throws, nothing was stored.
[[nodiscard]] std::vector<StoredDelivery> store_deliveries(
    pg::Connection& connection, std::span<const NewDelivery* const> deliveries,
    std::uint64_t budget_bytes);

// ---- reading

struct Delivery {
  std::string guid, event, action, verdict, reason, sender;
  base::TimePoint received_at;
  std::optional<std::int64_t> github_id;
  Scope scope;
  std::string headers_json;
  std::int64_t body_bytes = 0;  // 0 once the body was pruned
  std::string body_omitted;     // Omission, where the body was not kept (body_budget.hpp)
};
struct DeliveryFilter {
  std::optional<std::string> event = {}, verdict = {};
  std::optional<std::int64_t> github_id = {};  // of the repository
  std::optional<base::Duration> since = {}, until = {};
  int limit = 50;
};
// The newest come first.
[[nodiscard]] std::vector<Delivery> list_deliveries(pg::Connection& connection,
                                                    const DeliveryFilter& filter);

// A page of the same list, at a cost that does not grow with the table: of the newest
// deliveries_looked_at_max those that match.
inline constexpr int deliveries_looked_at_max = 5'000;
struct DeliveryPage {
  std::optional<std::string> verdict = {};
  std::optional<std::string> before = {};  // a whole GUID: those that come behind it
  int limit = 50;
};
[[nodiscard]] std::vector<Delivery> page_of_deliveries(pg::Connection& connection,
                                                       const DeliveryPage& page);
// Accepts a GUID, or any unambiguous prefix of at least 4 of its digits. Throws Error(not_found).
[[nodiscard]] Delivery find_delivery(pg::Connection& connection, const std::string& name);
// Throws Error(not_found) where the body was not kept, and once it was pruned.
[[nodiscard]] std::string load_delivery_body(pg::Connection& connection, const std::string& guid);

// Returns the stored headers as they were received.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> headers_of(const Delivery& delivery);

// Deletes the row of a delivery that is to be recorded again; the new row gets a time of its own.
void delete_delivery(pg::Connection& connection, const std::string& guid);
void set_received_at(pg::Connection& connection, const std::string& guid, base::TimePoint at);

// Old deliveries, and earlier the bodies of those that stay.
[[nodiscard]] std::vector<queue::Prunable> prunables();

}  // namespace devy::webhook
