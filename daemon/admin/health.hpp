#pragma once
// This daemon's health and how it is reported: readiness with its reasons, and the metrics of
// reliability.md. The admin role's watch writes it and its request handlers read it: a value, to be
// copied under the owner's lock. Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/queue/health.hpp"
#include "daemon/supervisor/report.hpp"

namespace devy::daemon {

struct Health {
  // The database's figures; empty while the database is unavailable; the error then says why.
  std::optional<queue::QueueHealth> queue;
  std::string database_trouble = "not asked yet";
  std::vector<queue::StateOfKind> open_operations;
  std::map<std::string, double> prune_behind;  // by the sort of rows (prune_pass.hpp)
  std::string system_metrics;  // what the systems measured, in Prometheus' text format
  std::uint64_t scratch_free_bytes = 0;
  std::uint64_t scratch_free_bytes_min = config::Limits().scratch_free_bytes_min;
  std::optional<Report> numbers;  // sent by the supervisor: see Supervisor::send_numbers()

  // Counts since this process began, for the whole database: aggregate over daemons by maximum, not
  // by sum.
  std::map<std::pair<std::string, std::string>, double> finished;  // by kind and state

  void add(const std::vector<queue::StateOfKind>& ended);
};

// The reasons for which this daemon should get no traffic now; empty when it is ready.
[[nodiscard]] std::vector<std::string> reasons_not_ready(const Health& health);
[[nodiscard]] std::string readiness_json(const std::vector<std::string>& reasons);
[[nodiscard]] std::string metrics(const Health& health, std::string_view version);

}  // namespace devy::daemon
