#pragma once
// Pauses during which GitHub's API, or the CRM's, must not be called: one table for all daemons, so
// that no daemon calls while another was told to wait. Throws what pg::Connection throws.

#include <chrono>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::github {

// Returns how long none of these may be called; zero means that a call is allowed now.
[[nodiscard]] std::chrono::milliseconds pause_left(pg::Connection& connection,
                                                   const std::vector<std::string>& names);
// After a secondary limit the credential is used by one at a time for an hour (api_slot.hpp).
void pause_until(pg::Connection& connection, const std::string& name, base::TimePoint not_before,
                 const std::string& reason, bool is_secondary = false);
// GitHub is unavailable: pauses for a few seconds, doubled with each further failure in a row.
// Returns the length of the pause.
std::chrono::milliseconds pause_after_failure(pg::Connection& connection, const std::string& name,
                                              const std::string& reason);
// Likewise for a server that says for how long, by the database's clock.
void pause_for(pg::Connection& connection, const std::string& name, std::chrono::seconds time,
               const std::string& reason);
// Likewise for one that does not: for `first`, doubled with each further pause up to `longest`,
// until end_pause(). Returns the length of the pause.
std::chrono::milliseconds pause_doubling(pg::Connection& connection, const std::string& name,
                                         std::chrono::seconds first, std::chrono::seconds longest,
                                         const std::string& reason);
void end_pause(pg::Connection& connection, const std::string& name);

}  // namespace devy::github
