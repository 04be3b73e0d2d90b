#pragma once
// Finds lost deliveries. GitHub does not repeat a delivery that failed, but it lists what it has
// tried (github.md, "Delivery"). Each piece of work checks the deliveries of one hook: the App's,
// or with a token a repository's own. A system that can ask the source itself does so at once
// (Subscriber::recover), which works even when GitHub cannot reach us; any other delivery is
// requested again, and the redelivery has the same GUID.

#include "core/platform/github/access.hpp"
#include "core/platform/queue/maintenance_task.hpp"
#include "core/platform/webhook/subscriber.hpp"

namespace devy::webhook {

// The maintenance task, which is on where the configuration has credentials. It counts "lost"
// deliveries. Borrows the subscribers.
[[nodiscard]] queue::Maintenance find_lost_deliveries(Subscribers subscribers);

// One piece of its work, with an access to GitHub of the caller's.
[[nodiscard]] bool check_next_hook(pg::Connection& connection, const config::Config& config,
                                   Subscribers subscribers, github::Access& access,
                                   queue::MaintenanceCounts& counts, const std::stop_token& stop);

}  // namespace devy::webhook
