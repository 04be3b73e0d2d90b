#pragma once
// Has a blog that differs from its commit published again (`verify --repair`), for a person or for
// the daemon. Borrows the connection; one thread.

#include <optional>
#include <string>

#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::reconcile {

// Why the blog cannot be repaired now, or nothing: it shows no commit, is disconnected or frozen,
// or it or the queue is paused. The same error is what record_repair() throws.
[[nodiscard]] std::optional<base::Error> repair_obstacle(pg::Connection& connection,
                                                         const publishing::Blog& blog);

// Records an upload of its own, which publishes exactly the commit that the blog shows when it
// runs: every post is compared, no guard holds it, and a pin stays. It supersedes nothing, and
// nothing supersedes it: what waits, runs or is held besides stays as it is. Returns the repair
// that has not ended yet, where there is one. Throws Error(conflict).
[[nodiscard]] base::UploadId record_repair(pg::Connection& connection, const config::Config& config,
                                           const publishing::Blog& blog,
                                           const std::string& requested_by);

}  // namespace devy::reconcile
