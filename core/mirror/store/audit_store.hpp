#pragma once
// Audits: which repositories are due for one, and what the last one of each has found. Throws what
// pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// Ids of repositories of which none began in the present period. Each repository's periods begin at
// a time of its own.
[[nodiscard]] std::vector<std::int64_t> audits_due(pg::Connection& connection,
                                                   std::chrono::seconds every);

struct Audit {
  base::OperationId operation;
  std::int64_t repository_id = 0;
  base::TimePoint started_at{};
  std::int64_t rows = 0, requests = 0, missing = 0, extra = 0, different = 0;
};
// Run it inside the caller's transaction. It takes the place of the last one.
void note_audit(pg::Connection& connection, const Audit& audit);

// Rows that the last audits found wrong, of all repositories. For metrics.
[[nodiscard]] std::int64_t drift_rows(pg::Connection& connection);

}  // namespace devy::mirror
