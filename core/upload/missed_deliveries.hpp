#pragma once
// The other half of healing: GitHub never sends again what nobody took, but it tells what it tried
// (github.md, "Delivery"). One turn of looking at a hook's deliveries. A push that never came has
// its blog compared with the remote at once, which is the truth and needs nobody to reach us; any
// other event is asked for again, and what then comes has the same GUID.
//
// Borrows the connection and the access; one thread. Throws what pg::Connection throws,
// Error(stopped), and Error(config) for credentials.

#include <stop_token>

#include "core/config/config.hpp"
#include "core/github/access.hpp"
#include "core/pg/connection.hpp"
#include "core/upload/upkeep.hpp"

namespace devy::upload {

// Looks at the hook that is due longest: the App's, or with a token a repository's own. What GitHub
// refuses is noted with the hook. False: none is due.
bool look_for_missed_deliveries(pg::Connection& connection, const config::Config& config,
                                github::Access& access, UpkeepCounts& counts,
                                const std::stop_token& stop);

}  // namespace devy::upload
