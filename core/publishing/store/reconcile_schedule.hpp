#pragma once
// The reconcile schedule: which blog is to be compared with its remote next, and the results. Any
// number of daemons share the work without a leader: a claim moves the blog's next time ahead, and
// skips rows that another session is claiming. If a daemon dies while it works on a blog, that blog
// is next checked at the time set by the claim. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::publishing {

// The reason with which a blog is frozen whose remote has been missing for long.
inline constexpr const char* unreachable_reason = "repository unreachable";

// Claims the blog that has waited longest and moves its next time ahead by `every` ± 10 %; returns
// nothing when none is due. A blog frozen for a reason other than unreachable_reason is not
// returned, unless a delivery claims something of its repository; its next time is moved ahead as
// well.
[[nodiscard]] std::optional<base::BlogId> claim_reconcile(pg::Connection& connection,
                                                          base::Duration every);
[[nodiscard]] std::optional<base::BlogId> claim_verify(pg::Connection& connection,
                                                       base::Duration every);

void note_reachable(pg::Connection& connection, const base::BlogId& blog);

struct Unreachable {
  std::string error;
  bool is_gone = false;  // the remote says that it does not exist; else it is only unavailable
  // The next time is after every · 2ⁿ ± 10 % with n failures, at most `slowest`.
  base::Duration every{}, slowest{};
};
struct Failing {
  int failures = 0;
  base::Duration gone_for{};  // 0 when it is only unavailable
};
Failing note_unreachable(pg::Connection& connection, const base::BlogId& blog,
                         const Unreachable& unreachable);

// Freezes the blog: posts stay; operations that wait or are recorded end as disabled. Returns false
// when it was frozen already.
bool freeze_blog(pg::Connection& connection, const Blog& blog, const std::string& reason);
// Returns false unless it was frozen for that very reason.
bool thaw_blog(pg::Connection& connection, const Blog& blog, const std::string& reason);

void note_verified(pg::Connection& connection, const base::BlogId& blog, std::int64_t drift);
// Stores the tip that reconcile leaves alone, because its author asked for that; empty: none.
void note_skipped_tip(pg::Connection& connection, const base::BlogId& blog,
                      const std::optional<std::string>& tip);
// "username/slug" of the connected blogs that stay behind such a tip.
[[nodiscard]] std::vector<std::string> blogs_behind_skipped_tips(pg::Connection& connection);
// Called when the blog could not be verified now.
void postpone_verify(pg::Connection& connection, const base::BlogId& blog, base::Duration delay);

// The schedule of one blog, for display to operators.
struct ReconcileSchedule {
  std::optional<base::TimePoint> reconcile_at, reconciled_at, gone_since, verified_at;
  int failures = 0;
  std::optional<std::string> error;
  std::int64_t drift = 0;
  std::optional<std::string> skipped_tip;  // the blog stays behind this tip: it has a skip marker
};
[[nodiscard]] ReconcileSchedule load_reconcile_schedule(pg::Connection& connection,
                                                        const base::BlogId& blog);

}  // namespace devy::publishing
