#pragma once
// "It heals": one turn of looking after blogs, of those that are due in the database. The daemon's
// healer goes on turning; any number of them, on any number of machines, share the blogs.
//
// Each call borrows the connection; one thread a connection. Remotes' bytes are parsed in a child
// (repository/clone.hpp); verify reads a finished clone in this process, so a caller is one that
// may die: the blog is put off before it is looked at. Throws what pg::Connection throws, and
// Error(stopped).

#include <cstdint>
#include <stop_token>

#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/repository/clone.hpp"

namespace devy::upload {

struct UpkeepCounts {
  std::int64_t asked = 0;        // remotes
  std::int64_t failed = 0;       // … that did not say where their branch stands
  std::int64_t missed = 0;       // uploads recorded for what nobody had told
  std::int64_t verified = 0;     // blogs
  std::int64_t drifted = 0;      // … whose posts were not their tree's files
  std::int64_t undelivered = 0;  // deliveries that GitHub tried and nobody took
};

// For asking many remotes in turn: one that hangs must not hold up the others, and a tip is a small
// thing to ask for.
[[nodiscard]] config::Config impatient(config::Config config);

// Asks the remote of the blog that is due longest. A remote that fails is asked less and less
// often; one that says for reconcile.freeze_after that there is no such repository freezes its
// blog. False: none is due.
bool reconcile_next(pg::Connection& connection, const config::Config& config,
                    repository::TipAsker& asker, UpkeepCounts& counts, const std::stop_token& stop);

// Compares the posts of the blog that is due longest with the tree at its head, and with
// verify.repair has drifted ones published again. False: none is due.
bool verify_next(pg::Connection& connection, const config::Config& config, UpkeepCounts& counts,
                 const std::stop_token& stop);

}  // namespace devy::upload
