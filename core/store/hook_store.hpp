#pragma once
// GitHub's hooks, up to where their deliveries were looked at, and the deliveries that nobody took.
// Several daemons share the hooks. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct HookRow {
  std::string key;                               // "app", or the repository's id
  std::optional<base::RepositoryId> repository;  // nothing: the App's
  std::string url;                               // of the repository
  std::optional<std::int64_t> hook_id;
  std::int64_t seen_id = 0;
  std::string etag;
};

void add_app_hook(pg::Connection& connection);
// Those of connected blogs' repositories at that host that are not there yet.
void add_repository_hooks(pg::Connection& connection, const std::string& host);

// The hook that is due longest, the App's or a repository's, its next time moved ahead by `every`
// ± 10 %. Nothing when none is due.
[[nodiscard]] std::optional<HookRow> claim_hook(pg::Connection& connection, bool is_app,
                                                base::Duration every);
void note_looked(pg::Connection& connection, const HookRow& hook);
// Looks again later and later, up to an hour; or then.
void note_not_looked(pg::Connection& connection, const HookRow& hook, const std::string& error,
                     base::Duration every);
void look_again_at(pg::Connection& connection, const HookRow& hook, base::TimePoint time);

// Of these, those that no delivery here has.
[[nodiscard]] std::vector<std::string> unknown_deliveries(pg::Connection& connection,
                                                          const std::vector<std::string>& guids);
// Notes that one was missed and that something is done about it; how often it has been, this time
// included.
int note_missed(pg::Connection& connection, const HookRow& hook, const std::string& guid,
                const std::string& event);
// GitHub has forgotten them by now.
void forget_missed(pg::Connection& connection, base::Duration older_than);

// The connected blog of a repository.
[[nodiscard]] std::optional<base::BlogId> blog_of(pg::Connection& connection,
                                                  const base::RepositoryId& repository);

}  // namespace devy::store
