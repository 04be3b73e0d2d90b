#pragma once
// The deliveries API: what GitHub sent, or tried to, and asking it to send again (github.md,
// "Delivery"). It remembers three days. Uses a Client; same threads and errors.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/github/client.hpp"

namespace devy::github {

// A GitHub App has one hook, and a repository its own.
struct Hook {
  std::string repository;  // "owner/name"; empty: the App's
  std::int64_t id = 0;     // of a repository's
};

// One try to deliver. A redelivery has an id of its own and the same GUID.
struct HookDelivery {
  std::int64_t id = 0;
  std::string guid;  // canonical UUID
  std::string event, action;
  std::optional<base::TimePoint> delivered_at;
  int status_code = 0;  // 0: nobody answered
  std::optional<std::int64_t> repository_id;
};

// Newest first. `visit` false: no more. Entries that make no sense are left out. True: there was
// nothing new, by `etag`, which is that of the first page afterwards.
bool list_deliveries(Client& client, const base::Secret& bearer, const Hook& hook,
                     std::string& etag, const std::function<bool(const HookDelivery&)>& visit);

// Has GitHub send it again. What comes has the same GUID, so that once too often does no harm.
void redeliver(Client& client, const base::Secret& bearer, const Hook& hook, std::int64_t delivery);

// The hook of a repository that sends to an address that ends so; nothing when it has none.
[[nodiscard]] std::optional<std::int64_t> find_hook(Client& client, const base::Secret& bearer,
                                                    const std::string& repository,
                                                    std::string_view url_ending);

}  // namespace devy::github
