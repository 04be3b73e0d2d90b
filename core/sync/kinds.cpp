#include "core/sync/kinds.hpp"

#include <memory>

#include "core/platform/base/log.hpp"
#include "core/sync/connections/handler.hpp"
#include "core/sync/connections/system.hpp"
#include "core/sync/inbound/comment_gaps.hpp"
#include "core/sync/inbound/handler.hpp"
#include "core/sync/inbound/observer.hpp"
#include "core/sync/outbound/handler.hpp"
#include "core/sync/store/inbound_store.hpp"

namespace devy::sync {
namespace {

class RecordHandler final : public queue::Handler {
 public:
  explicit RecordHandler(const queue::HandlerContext& context)
      : inbound_(context.config), outbound_(context, observers_) {}

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override {
    const auto reason = load_reason(attempt.connection, attempt.lease.operation);
    attempt.subject.emplace(base::log::Fields{{"target", reason.target}});
    if (reason.direction == queue::Direction::outbound) return outbound_.run(attempt, reason);
    return inbound_.run(attempt, reason);
  }

 private:
  inbound::Observer observer_;
  const mirror::RowObservers observers_{&observer_};
  inbound::Handler inbound_;
  outbound::Handler outbound_;
};

queue::Kind record_kind(const char* name, queue::Direction direction, const char* records) {
  queue::Kind kind;
  kind.name = name;
  kind.direction = direction;
  if (direction == queue::Direction::outbound) kind.lane = queue::github_lane;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<RecordHandler>(context);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return config.sync.enabled; };
  kind.records = {std::string(name) + "s", records};
  return kind;
}

}  // namespace

std::vector<queue::Kind> operation_kinds() {
  using queue::Direction;
  constexpr const char* tasks = "records of tasks synced";
  constexpr const char* comments = "records of comments synced";
  return {record_kind(task_kind, Direction::inbound, tasks),
          record_kind(comment_kind, Direction::inbound, comments),
          record_kind(task_kind, Direction::outbound, tasks),
          record_kind(comment_kind, Direction::outbound, comments), connections::operation_kind()};
}

std::vector<queue::Maintenance> maintenance_tasks() {
  auto tasks = connections::maintenance_tasks();
  tasks.push_back(inbound::comment_gaps_task());
  return tasks;
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  auto subjects = targets_of(connection, operations);
  subjects.merge(connections::subjects(connection, operations));
  return subjects;
}

}  // namespace devy::sync
