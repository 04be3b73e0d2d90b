#include "core/sync/connections/handler.hpp"

#include "core/sync/connections/run.hpp"
#include "core/sync/store/connection_store.hpp"

namespace devy::connections {

std::optional<queue::AttemptResult> Handler::run(queue::Attempt& attempt) {
  return Run(attempt, context_).go();
}

queue::Kind operation_kind() {
  queue::Kind kind;
  kind.name = sync::connection_kind;
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<Handler>(context);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return config.sync.enabled; };
  kind.records = {"connection_syncs", "records of connections at work"};
  return kind;
}

}  // namespace devy::connections
