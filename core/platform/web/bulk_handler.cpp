#include "core/platform/web/bulk_handler.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/bulk_store.hpp"

namespace devy::web {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int batches_max = bulk_operations_max / bulk_batch + 1;

class BulkHandler final : public queue::Handler {
 public:
  explicit BulkHandler(const queue::HandlerContext& context)
      : config_(context.config), on_progress_(context.on_progress) {}

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override {
    const auto id = attempt.lease.operation.text();
    const auto bulk = find_bulk(attempt.connection, id);
    if (!bulk)
      throw Error(ErrorKind::internal, "unable to act on many operations: no record of them");
    int reached = bulk->reached();
    for (int batch = 0; batch < batches_max; ++batch) {
      attempt.check();
      begin(attempt, *bulk, reached);
      pg::Transaction transaction(attempt.connection);
      queue::fence(attempt.connection, attempt.lease, config_.queue.lease_ttl);
      const int done = run_bulk(attempt.connection, id, bulk_batch,
                                static_cast<int>(config_.queue.max_attempts));
      reached += done;
      const bool is_last = done < bulk_batch;
      if (is_last) queue::finish(attempt.connection, attempt.lease, queue::AttemptResult{});
      else queue::advance(attempt.connection, attempt.lease);
      base::fault_point("before_bulk_commit");
      transaction.commit();
      if (bulk->act != BulkAct::cancel) queue::wake_workers(attempt.connection);
      if (is_last) return std::nullopt;
    }
    throw Error(ErrorKind::internal, "unable to act on many operations: more than were recorded");
  }

 private:
  void begin(queue::Attempt& attempt, const Bulk& bulk, int reached) {
    queue::Progress progress;
    progress.subject = std::string(to_string(bulk.act)) + " of operations";
    progress.step = "act";
    progress.done = static_cast<std::uint64_t>(reached);
    progress.total = static_cast<std::uint64_t>(bulk.count);
    if (on_progress_) on_progress_(progress);
    const auto step = std::to_string(reached) + " of " + std::to_string(bulk.count);
    if (queue::begin_step(attempt.connection, attempt.lease,
                          {step, true, config_.queue.lease_ttl}) != queue::StepVerdict::go_on)
      throw Error(ErrorKind::stopped, "somebody has cancelled it", "", "cancel_requested");
  }

  const config::Config& config_;
  const queue::OnProgress& on_progress_;
};

}  // namespace

queue::Kind bulk_operation_kind() {
  queue::Kind kind;
  kind.name = std::string(bulk_kind);
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<BulkHandler>(context);
  };
  kind.limits = [](const config::Config&) { return queue::KindLimits{}; };
  kind.records = {"bulks", "operations that acted on many"};
  return kind;
}

}  // namespace devy::web
