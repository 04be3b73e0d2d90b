#include "core/files/cleanup/node_handler.hpp"

#include "core/files/receive/depot.hpp"
#include "core/files/store/cleanup_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::cleanup {

using base::Error;
using base::ErrorKind;

NodeHandler::NodeHandler(const queue::HandlerContext& context)
    : config_(context.config), clock_(context.clock), on_progress_(context.on_progress) {}

std::optional<queue::AttemptResult> NodeHandler::run(queue::Attempt& attempt) {
  const auto wanted = files::node_of(attempt.connection, attempt.lease.operation);
  attempt.subject.emplace(base::log::Fields{{"node", wanted}});
  if (wanted != node())
    throw Error(
        ErrorKind::config,
        "unable to look after the files of node '" + wanted + "': this is node '" + node() + "'",
        "Run it on the machine whose files.node is '" + wanted + "'.", "storage_foreign");
  const auto disk = receive::open_disk(attempt.connection, config_.files);
  Work work{attempt, *disk, clock_.monotonic_now()};
  return this->work(work);
}

void NodeHandler::begin_step(const Work& work, const std::string& step) const {
  if (queue::begin_step(work.connection(), work.attempt.lease,
                        {step, true, config_.queue.lease_ttl}) != queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
}

void NodeHandler::fence(const Work& work) const {
  queue::fence(work.connection(), work.attempt.lease, config_.queue.lease_ttl);
}

void NodeHandler::report(const Work&, std::string_view step, std::uint64_t done,
                         std::uint64_t bytes) const {
  if (!on_progress_) return;
  queue::Progress progress;
  progress.subject = "files of node " + node();
  progress.step = step;
  progress.done = done;
  progress.bytes = bytes;
  on_progress_(progress);
}

bool NodeHandler::is_turn_over(const Work& work) const {
  work.attempt.check();
  return clock_.monotonic_now() - work.begun_at >= turn_max;
}

queue::AttemptResult end_of_turn() {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.delay = std::chrono::milliseconds(0);
  return result;
}

}  // namespace devy::cleanup
