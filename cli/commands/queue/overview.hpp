#pragma once
// The state of everything, for `status` and `top`: daemons, the queue of every kind of operation,
// what is paused, held and failing, the last deliveries, and what is left of GitHub's shares. A
// value that is read at a bounded cost, whatever the tables hold.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/terminal/json_output.hpp"
#include "core/platform/github/api_budget.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/attention.hpp"
#include "core/platform/queue/daemons.hpp"
#include "core/platform/queue/health.hpp"
#include "core/platform/queue/pause.hpp"
#include "core/platform/web/queue_state.hpp"
#include "core/platform/webhook/delivery_store.hpp"

namespace devy::cli {

// Rows of each list; of more, how many there are is known where it is counted anyway.
inline constexpr int overview_rows_max = 20;

struct Overview {
  std::vector<queue::DaemonRow> daemons;
  std::vector<queue::StateOfKind> open;  // operations that have not ended
  std::int64_t running = 0, expired_leases = 0;
  std::optional<queue::Noticed> longest_due;
  std::optional<queue::Pause> whole_pause;
  std::vector<web::ClosedGate> gates;
  std::vector<queue::Noticed> held, failing;
  std::int64_t completed_last_day = 0, failed_last_day = 0;  // as far as maintenance has counted
  std::vector<webhook::Delivery> deliveries;
  std::vector<github::LowBudget> budgets;
  std::map<std::string, std::string> subjects;  // by the operation's id

  // Counts of all kinds: those that wait (received, verified), and those that are held.
  [[nodiscard]] std::int64_t waiting() const;
  [[nodiscard]] std::int64_t held_count() const;
  [[nodiscard]] bool has_daemon() const;  // one that has been heard of within a minute
  // The name of what the operation is about; its owner where no system names it.
  [[nodiscard]] std::string subject_of(const queue::Noticed& noticed) const;
};
// Throws what pg::Connection throws.
[[nodiscard]] Overview read_overview(pg::Connection& connection);

[[nodiscard]] Json overview_json(const Overview& overview);

}  // namespace devy::cli
