#pragma once
// Has a blog that differs from its commit published again (`verify --repair`), for a person or for
// the daemon. Borrows the connection; one thread.

#include <string>

#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::reconcile {

// Publishes the blog again from the start: replays its last completed upload without any cached
// result, since a replay checks every file even when the remote has not moved. A blog without a
// completed upload gets a new one. Throws Error(conflict) when a newer upload is in progress.
[[nodiscard]] base::UploadId record_repair(pg::Connection& connection, const config::Config& config,
                                           const publishing::Blog& blog,
                                           const std::string& requested_by);

}  // namespace devy::reconcile
