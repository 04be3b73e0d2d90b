#pragma once
// Maintenance of blogs, which lets the system heal itself. Each call handles one blog that is due
// in the database. The daemon's maintenance role calls these repeatedly; any number of daemons on
// any number of machines share the blogs.
//
// Each call borrows the connection; one thread per connection. Bytes from remotes are parsed in a
// child process (platform/git/clone.hpp). Verification, however, reads a finished clone in this
// process, so the caller must be a process that may crash; the blog's next time is moved ahead
// before it is examined. Throws what pg::Connection throws, and Error(stopped).

#include <cstdint>
#include <stop_token>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/maintenance_task.hpp"

namespace devy::reconcile {

// The name under which the daemon requests what it records by itself.
inline constexpr const char* maintenance = "maintenance";

// Counts, as queue::MaintenanceCounts: "asked" remotes, those that "failed" to tell where
// their branch stands, "missed" uploads that were recorded for what nobody had told, "verified"
// blogs, and those that had "drifted": their posts were not their tree's files.

// Returns the configuration with short timeouts, for asking many remotes one after another: a
// remote that hangs must not delay the others, and a tip is a small thing to ask for.
[[nodiscard]] config::Config with_short_timeouts(config::Config config);

// Asks the remote of the blog that has been due longest. A remote that fails is asked less and less
// often; one that reports for reconcile.freeze_after that the repository does not exist gets its
// blog frozen. GitHub is asked with `access` where there is a reason (identity.hpp); null: never.
// Returns false when no blog is due.
bool reconcile_next(pg::Connection& connection, const config::Config& config, git::TipAsker& asker,
                    queue::MaintenanceCounts& counts, const std::stop_token& stop,
                    github::Access* access = nullptr);

// Compares the posts of the blog that has been due longest with the tree at its head. With
// verify.repair, blogs that differ are published again. Returns false when no blog is due.
bool verify_next(pg::Connection& connection, const config::Config& config,
                 queue::MaintenanceCounts& counts, const std::stop_token& stop);

}  // namespace devy::reconcile
