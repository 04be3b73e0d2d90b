#pragma once
// Deliveries: webhook requests as received, and what they change at once. All that one delivery
// brings is committed together. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/operation.hpp"

namespace devy::store {

enum class Verdict { accepted, ignored, rejected };
[[nodiscard]] std::string_view to_string(Verdict verdict);

struct NewDelivery {
  std::string guid;  // canonical UUID
  std::string event, action;
  std::optional<std::int64_t> github_id;
  std::string sender;  // address; empty: unknown
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  // borrowed for the call
  Verdict verdict = Verdict::accepted;
  std::string reason;
};

// Of a push to a branch, or to what may be one: enough to know its blog, and what it told of its
// repository by the way.
struct PushedTo {
  std::string branch, default_branch;
  std::string url;  // as it may be fetched; empty: unknown
  std::string owner, name;
  std::optional<bool> is_private;
  std::optional<std::int64_t> installation;
  std::optional<base::TimePoint> pushed_at;
  std::string commit;
  int max_attempts = 12;
};

// Without `push` only the delivery is recorded; with it also the upload of the blog that publishes
// that branch.
struct DeliveryEntry {
  NewDelivery delivery;
  std::optional<PushedTo> push;
};

struct RecordedDelivery {
  bool is_busy = false;  // another session holds its blog's resource; nothing was recorded
  bool is_new = true;    // false: this GUID was known, and nothing changed
  std::string verdict, reason;
  std::optional<base::UploadId> upload;
  std::optional<queue::State> state;  // of that upload, when it was recorded
};

// All of them in one statement, which outside a transaction commits by itself, in the order in
// which they came; gives one answer each in that order. Never waits for the resource of a blog.
// Nothing is recorded when it throws.
[[nodiscard]] std::vector<RecordedDelivery> record_deliveries(
    pg::Connection& connection, const std::vector<const DeliveryEntry*>& entries);
// One alone: this waits for the resource, and is never busy.
[[nodiscard]] RecordedDelivery record_delivery(pg::Connection& connection,
                                               const DeliveryEntry& entry);

// ---- reading

struct Delivery {
  std::string guid, event, action, verdict, reason, sender;
  base::TimePoint received_at;
  std::optional<std::int64_t> github_id;
  std::optional<std::string> blog;  // "username/slug"
  std::optional<base::UploadId> upload;
  std::string headers_json;
  std::int64_t body_bytes = 0;  // 0 once it was pruned
};
struct DeliveryFilter {
  std::optional<std::string> event = {}, verdict = {}, blog = {};
  std::optional<base::Duration> since = {};
  int limit = 50;
};
// Newest first.
[[nodiscard]] std::vector<Delivery> list_deliveries(pg::Connection& connection,
                                                    const DeliveryFilter& filter);
// A GUID, or any unambiguous prefix of 4 or more of its digits. Throws Error(not_found).
[[nodiscard]] Delivery find_delivery(pg::Connection& connection, const std::string& name);
// Throws Error(not_found) once it was pruned.
[[nodiscard]] std::string load_delivery_body(pg::Connection& connection, const std::string& guid);

// The kept headers, as they were given.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> headers_of(const Delivery& delivery);

// For doing one over: its row goes, and comes again with its own time.
void delete_delivery(pg::Connection& connection, const std::string& guid);
void set_received_at(pg::Connection& connection, const std::string& guid, base::TimePoint at);

}  // namespace devy::store
