#pragma once
// Figures of all tracked users, for metrics and `doctor`. Throws what pg::Connection throws; one
// thread a connection.

#include <cstdint>
#include <map>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::gists {

// With the rights of devy_metrics.
struct Figures {
  std::map<std::string, std::int64_t> users;  // by state
  std::int64_t oldest_due_seconds = 0;        // since when a scan that is due was not recorded
};
[[nodiscard]] Figures figures(pg::Connection& connection);

struct Conditions {
  std::int64_t tracked = 0;  // that are scanned
  std::int64_t failing = 0;
  std::string failing_login, failing_error;  // of the one that fails longest
  std::int64_t missing = 0;
  std::string missing_login;
};
[[nodiscard]] Conditions conditions(pg::Connection& connection);

// Visits and routines are kept 400 days, or as long as prune.older_than when that is longer.
[[nodiscard]] queue::Prunable prunable_visits();

}  // namespace devy::gists
