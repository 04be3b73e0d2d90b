#pragma once
// The queue as the overview shows it, read at most once a second for all who look: a hundred open
// tabs cost the database as much as one. Any thread.

#include <memory>
#include <mutex>
#include <vector>

#include "core/platform/queue/daemons.hpp"
#include "core/platform/queue/health.hpp"
#include "core/platform/queue/statistics.hpp"
#include "core/platform/web/operation_list.hpp"
#include "core/platform/web/queue_state.hpp"

namespace devy::daemon {

struct QueueSnapshot {
  base::TimePoint read_at;
  queue::QueueHealth health;
  std::vector<queue::StateOfKind> open;
  std::vector<queue::LeaseRow> leases;
  std::vector<queue::DaemonRow> daemons;
  std::vector<queue::Span> hour;  // by minutes
  web::QueueState state;
  web::OperationList attention;                 // failed and held, newest first
  std::map<std::string, std::string> subjects;  // of what runs and of those, by id

  [[nodiscard]] std::int64_t count(std::string_view state) const;
};

class SharedSnapshot {
 public:
  // Reads it with this session when the last one is a second old; others wait for it meanwhile.
  [[nodiscard]] std::shared_ptr<const QueueSnapshot> get(pg::Connection& connection);

 private:
  std::mutex mutex_;  // guards the members below
  std::shared_ptr<const QueueSnapshot> last_;
  base::MonotonicTime read_at_{};
};

}  // namespace devy::daemon
