#pragma once
// Looking after blogs: which is to be compared with its remote next, and what came of it. Any
// number of daemons share the work without a leader: a claim moves the blog's next time ahead, and
// rows that somebody else is claiming are passed over. A daemon that dies over a blog has put it
// off until its next turn. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/pg/connection.hpp"
#include "core/store/blog_store.hpp"

namespace devy::store {

// Why the reconciler froze a blog; it thaws what was frozen for this, and nothing else.
inline constexpr const char* unreachable_reason = "repository unreachable";

// The blog that waits longest, its next time moved ahead by `every` ± 10 %; nothing when none is
// due. Blogs that are frozen for another reason than unreachable_reason are moved on unseen.
[[nodiscard]] std::optional<base::BlogId> claim_reconcile(pg::Connection& connection,
                                                          base::Duration every);
[[nodiscard]] std::optional<base::BlogId> claim_verify(pg::Connection& connection,
                                                       base::Duration every);

void note_reachable(pg::Connection& connection, const base::BlogId& blog);

struct Unreachable {
  std::string error;
  bool is_gone = false;               // the remote says so; else it is only away
  base::Duration every{}, slowest{};  // the next time: every · 2ⁿ after n failures, ± 10 %
};
struct Failing {
  int failures = 0;
  base::Duration gone_for{};  // 0 when it is only away
};
Failing note_unreachable(pg::Connection& connection, const base::BlogId& blog,
                         const Unreachable& unreachable);

// Frozen: posts stay, what waits and what is recorded ends as disabled. False when it was already.
bool freeze_unreachable(pg::Connection& connection, const Blog& blog);
// False unless it was frozen for unreachable_reason.
bool thaw_unreachable(pg::Connection& connection, const Blog& blog);

void note_verified(pg::Connection& connection, const base::BlogId& blog, std::int64_t drift);
// It could not be verified now.
void postpone_verify(pg::Connection& connection, const base::BlogId& blog, base::Duration delay);

// For people.
struct Upkeep {
  std::optional<base::TimePoint> reconcile_at, reconciled_at, gone_since, verified_at;
  int failures = 0;
  std::optional<std::string> error;
  std::int64_t drift = 0;
};
[[nodiscard]] Upkeep load_upkeep(pg::Connection& connection, const base::BlogId& blog);

}  // namespace devy::store
