#include "daemon/web/queue_snapshot.hpp"

#include "core/systems.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds snapshot_life{1};
constexpr int minutes_shown = 60;

QueueSnapshot read_snapshot(pg::Connection& connection) {
  QueueSnapshot snapshot;
  snapshot.read_at = base::system_clock().now();
  snapshot.health = queue::queue_health(connection);
  snapshot.open = queue::count_open_operations(connection);
  snapshot.leases = queue::list_leases(connection);
  snapshot.daemons = queue::list_daemons(connection);
  snapshot.hour =
      queue::read_spans(connection, queue::SpanLength::minute, minutes_shown, std::nullopt);
  snapshot.state = web::read_queue_state(connection);
  web::OperationFilter attention;
  attention.states = {"failed", "held"};
  snapshot.attention = web::list_operations(connection, attention);
  std::vector<std::string> ids;
  for (const auto& lease : snapshot.leases)
    ids.push_back(lease.operation);
  for (const auto& line : snapshot.attention.lines)
    ids.push_back(line.id);
  snapshot.subjects = systems::subjects(connection, ids);
  return snapshot;
}

}  // namespace

std::int64_t QueueSnapshot::count(std::string_view state) const {
  std::int64_t all = 0;
  for (const auto& entry : open)
    if (entry.state == state) all += entry.count;
  return all;
}

std::shared_ptr<const QueueSnapshot> SharedSnapshot::get(pg::Connection& connection) {
  const std::lock_guard lock(mutex_);
  const auto now = base::system_clock().monotonic_now();
  if (last_ && now - read_at_ < snapshot_life) return last_;
  last_ = std::make_shared<const QueueSnapshot>(read_snapshot(connection));
  read_at_ = now;
  return last_;
}

}  // namespace devy::daemon
