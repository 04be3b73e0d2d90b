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
#include "core/publishing/store/health_store.hpp"
#include "daemon/admin/metrics_text.hpp"
#include "daemon/supervisor/report.hpp"

namespace devy::daemon {

struct Health {
  // The database's figures; empty while the database is unavailable; the error then says why.
  std::optional<queue::QueueHealth> queue;
  std::string database_trouble = "not asked yet";
  std::vector<queue::StateOfKind> open_operations;
  publishing::UnsentStatuses unsent_statuses;
  std::uint64_t scratch_free_bytes = 0;
  std::uint64_t scratch_free_bytes_min = config::Limits().scratch_free_bytes_min;
  std::optional<Report> numbers;  // sent by the supervisor: see Supervisor::send_numbers()

  // Counts since this process began, for the whole database: aggregate over daemons by maximum, not
  // by sum.
  std::map<std::pair<std::string, std::string>, double> finished;  // by kind and state
  std::map<std::string, double> posts_changed;                     // by what was done to them
  // Bounds that suit promise 8 of product.md: mean below two minutes, over five minutes in at most
  // 0.01 %.
  Histogram visible{{1, 2, 5, 10, 30, 60, 120, 300, 600, 1'800, 3'600}};

  void add(const std::vector<queue::StateOfKind>& ended);
  void add(const std::vector<publishing::CompletedUpload>& completed);
};

// The reasons for which this daemon should get no traffic now; empty when it is ready.
[[nodiscard]] std::vector<std::string> reasons_not_ready(const Health& health);
[[nodiscard]] std::string readiness_json(const std::vector<std::string>& reasons);
[[nodiscard]] std::string metrics(const Health& health, std::string_view version);

}  // namespace devy::daemon
