#pragma once
// GitHub's webhooks, the position up to which the deliveries of each were checked, and the
// deliveries that reached no daemon. Several daemons share the hooks. Throws what pg::Connection
// throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/webhook/subscriber.hpp"

namespace devy::webhook {

struct HookRow {
  std::string key;  // "app", or WatchedRepository::key
  std::string url;  // the repository's address; empty for the App's hook
  std::optional<std::int64_t> hook_id;
  std::int64_t seen_id = 0;
  std::string etag;

  [[nodiscard]] bool is_app() const { return key == "app"; }
};

void add_app_hook(pg::Connection& connection);
// Makes the hooks of repositories those of `watched`: new ones are due at once, and others are
// forgotten.
void set_repository_hooks(pg::Connection& connection,
                          const std::vector<WatchedRepository>& watched);

// Claims the hook that has been due longest, of the App or of a repository, and moves its next time
// ahead by `every` ± 10 %. Returns nothing when none is due.
[[nodiscard]] std::optional<HookRow> claim_hook(pg::Connection& connection, bool is_app,
                                                base::Duration every);
void note_looked(pg::Connection& connection, const HookRow& hook);
// Records a failed check. note_not_looked() checks again with growing delays, up to an hour;
// look_again_at() at the given time.
void note_not_looked(pg::Connection& connection, const HookRow& hook, const std::string& error,
                     base::Duration every);
void look_again_at(pg::Connection& connection, const HookRow& hook, base::TimePoint time);

// Returns those of `guids` that no stored delivery has.
[[nodiscard]] std::vector<std::string> unknown_deliveries(pg::Connection& connection,
                                                          const std::vector<std::string>& guids);
// Records that a delivery was missed and that something is done about it. Returns how often it has
// been missed, this time included.
int note_missed(pg::Connection& connection, const HookRow& hook, const std::string& guid,
                const std::string& event);
// Deletes missed deliveries so old that GitHub has forgotten them.
void forget_missed(pg::Connection& connection, base::Duration older_than);

}  // namespace devy::webhook
