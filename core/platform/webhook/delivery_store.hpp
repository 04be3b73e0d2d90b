#pragma once
// Deliveries: webhook requests as received, and the changes they make at once. Everything that one
// delivery causes is committed together. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

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

// The target of a push to a branch (or to a ref that may be one): enough to find its blog, and what
// the push says about its repository.
struct PushedTo {
  std::string branch, default_branch;
  std::string url;  // in the form in which it may be fetched; empty: unknown
  std::string owner, name;
  std::optional<bool> is_private;
  std::optional<std::int64_t> installation;
  std::optional<base::TimePoint> pushed_at;
  std::string commit;
  int max_attempts = 12;
  int renderer_version = 0;
};

// Without `push` only the delivery is recorded; with it also an upload for the blog that publishes
// that branch.
struct DeliveryEntry {
  NewDelivery delivery;
  std::optional<PushedTo> push;
};

struct RecordedDelivery {
  bool is_busy = false;  // another session has locked the blog's resource; nothing was recorded
  bool is_new = true;    // false: this GUID was already known, and nothing changed
  std::string verdict, reason;
  std::optional<base::UploadId> upload;
  std::optional<queue::State> state;  // the state of the upload, when one was recorded
};

// Records all of them in one statement, in the order in which they came, and returns one result
// each in that order. Outside a transaction the statement commits by itself. Never waits for the
// resource lock of a blog. When it throws, nothing was recorded.
[[nodiscard]] std::vector<RecordedDelivery> record_deliveries(
    pg::Connection& connection, const std::vector<const DeliveryEntry*>& entries);
// Records a single delivery. This waits for the resource lock, so the result is never busy.
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
  std::int64_t body_bytes = 0;  // 0 once the body was pruned
};
struct DeliveryFilter {
  std::optional<std::string> event = {}, verdict = {}, blog = {};
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

}  // namespace devy::webhook
