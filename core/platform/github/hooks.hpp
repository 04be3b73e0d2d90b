#pragma once
// The deliveries API: lists what GitHub has sent or tried to send, and requests redeliveries
// (github.md, "Delivery"). GitHub keeps three days of them. Uses a Client, with its threads and
// errors.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/github/client.hpp"

namespace devy::github {

// A webhook. A GitHub App has one, and each repository may have its own.
struct Hook {
  std::string repository;  // "owner/name"; empty: the App's hook
  std::int64_t id = 0;     // set for a repository's hook
};

// One attempt to deliver. A redelivery has an id of its own and the same GUID.
struct HookDelivery {
  std::int64_t id = 0;
  std::string guid;  // canonical UUID
  std::string event, action;
  std::optional<base::TimePoint> delivered_at;
  int status_code = 0;  // 0: there was no response
  std::optional<std::int64_t> repository_id;
};

// Visits deliveries, the newest first, until `visit` returns false. Invalid entries are skipped.
// Returns true when nothing was new according to `etag`, which is then set to that of the first
// page.
bool list_deliveries(Client& client, const base::Secret& bearer, const Hook& hook,
                     std::string& etag, const std::function<bool(const HookDelivery&)>& visit);

// Asks GitHub to send it again. The redelivery has the same GUID, so one too many does no harm.
void redeliver(Client& client, const base::Secret& bearer, const Hook& hook, std::int64_t delivery);

// Returns the repository's hook whose address ends in the given suffix; nothing when there is none.
[[nodiscard]] std::optional<std::int64_t> find_hook(Client& client, const base::Secret& bearer,
                                                    const std::string& repository,
                                                    std::string_view url_ending);

}  // namespace devy::github
