#pragma once
// Takes webhook deliveries in: what one says becomes rows, all in one transaction, before its
// sender is answered. Whoever calls has seen that it is rightly signed.
//
// Does no work of an upload, asks no remote, and waits for nothing but the database. Borrows the
// connection; one thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/id.hpp"
#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
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
  // Called with the repository's GitHub id before anything is written; throws to refuse.
  std::function<void(std::int64_t)> admit = {};
};

struct Taken {
  std::string event;
  bool is_new = true;           // false: its GUID was known, and nothing changed
  std::string verdict, reason;  // accepted, ignored, rejected
  std::vector<base::UploadId> uploads;
  std::optional<std::string> warning;  // for whoever set the hook up
};

// A payload that breaks a rule is kept as rejected and then throws Error(rejected,
// "payload_invalid"); one that speaks of another repository than its signer may,
// Error(denied, "wrong_repository"), is not kept.
[[nodiscard]] Taken take_delivery(pg::Connection& connection, const config::Config& config,
                                  const Incoming& incoming);

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
