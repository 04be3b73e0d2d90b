#pragma once
// What is known of this daemon's health, and how it is told: readiness with its reasons, and the
// metrics of reliability.md. Written by the admin role's watch, read by its requests: a value, to
// be copied under the owner's lock. Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/store/health_store.hpp"
#include "daemon/metrics_text.hpp"
#include "daemon/report.hpp"

namespace devy::daemon {

struct Health {
  // By the database; nothing while it is away, and then why.
  std::optional<store::QueueHealth> queue;
  std::string database_trouble = "not asked yet";
  std::vector<store::OpenState> open_states;
  std::uint64_t scratch_free_bytes = 0;
  std::uint64_t scratch_free_bytes_min = config::Limits().scratch_free_bytes_min;
  std::optional<Report> numbers;  // the supervisor's: see Supervisor::send_numbers()

  // Since this process began, of the whole database: ask for the maximum over daemons, not the sum.
  std::map<std::string, double> finished;       // by state
  std::map<std::string, double> posts_changed;  // by operation
  // product.md, promise 8: mean below two minutes, five minutes in all but 0.01 %.
  Histogram visible{{1, 2, 5, 10, 30, 60, 120, 300, 600, 1'800, 3'600}};

  void add(const store::FinishedSince& finished_since);
};

// Why this daemon should get no traffic now; empty: it is ready.
[[nodiscard]] std::vector<std::string> reasons_not_ready(const Health& health);
[[nodiscard]] std::string readiness_json(const std::vector<std::string>& reasons);
[[nodiscard]] std::string metrics(const Health& health, std::string_view version);

}  // namespace devy::daemon
