#pragma once
// Finds missed deliveries. GitHub does not repeat a delivery that failed, but it lists what it has
// tried (github.md, "Delivery"). Each call checks the deliveries of one hook. For a missed push,
// the blog is compared with its remote at once: the remote is the truth, and this works even when
// GitHub cannot reach us. Any other event is requested again; the redelivery has the same GUID.
//
// Borrows the connection and the access; one thread. Throws what pg::Connection throws,
// Error(stopped), and Error(config) for credentials.

#include <stop_token>

#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/reconcile/due_blogs.hpp"

namespace devy::reconcile {

// Checks the hook that has been due longest: the App's, or with a token a repository's own. A
// refusal by GitHub is recorded with the hook. Returns false when no hook is due.
bool look_for_missed_deliveries(pg::Connection& connection, const config::Config& config,
                                github::Access& access, ReconcileCounts& counts,
                                const std::stop_token& stop);

}  // namespace devy::reconcile
