#include "core/mirror/verify/audit_handler.hpp"

#include "core/mirror/store/audit_store.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/verify/comparison.hpp"
#include "core/mirror/verify/repair.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::verify {
namespace {

// A request each. In a hundred days they are as many as the rows of most repositories.
constexpr int audited_rows = 25;
static_assert(2 * audited_rows <= scan::turn_requests_max);  // a row that is gone takes two

mirror::Audit audit_of(const queue::Attempt& attempt, std::int64_t repository_id,
                       base::TimePoint started_at, const Verification& found) {
  mirror::Audit audit{attempt.lease.operation, repository_id, started_at};
  audit.rows = found.compared;
  audit.requests = found.requests;
  audit.missing = found.count(DriftKind::missing);
  audit.extra = found.count(DriftKind::extra);
  audit.different = found.count(DriftKind::different);
  return audit;
}

void log_drift(const Verification& found) {
  for (const auto& drift : found.drift)
    base::log::warning("mirrored row drifted", {{"relation", drift.relation},
                                                {"id", drift.id},
                                                {"target", target_of(found, drift)},
                                                {"fields", drift.fields.size()}});
}

}  // namespace

std::optional<queue::AttemptResult> AuditHandler::work(Work& work) {
  scan::begin_step(work.attempt, config(), "compare");
  const auto started_at = clock().now();
  const auto repository =
      mirror::find_repository(work.connection(), work.repository.github_id.value());
  Verification found;
  if (repository && repository->is_mirrored) {
    Watch watch;
    watch.check = work.attempt.check;
    watch.on_progress = [&](std::string_view, std::int64_t compared) {
      report(work, "compare", static_cast<std::uint64_t>(compared), audited_rows);
    };
    Comparison comparison({work.connection(), work.api, work.repository, clock()}, watch);
    found = comparison.of_sample(audited_rows);
  }
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  if (found.compared > 0) {
    mirror::note_audit(work.connection(),
                       audit_of(work.attempt, repository->id, started_at, found));
    for (const auto& fetch : record_repairs(
             work.connection(), *repository, found,
             {queue::Source::repair, mirror::load_priority, {}, "a row drifted from GitHub"}))
      mirror::note_child(work.connection(), work.attempt.lease.operation, fetch);
  }
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  queue::wake_workers(work.connection());
  log_drift(found);
  return std::nullopt;
}

queue::Kind audit_operation_kind(const mirror::RowObservers& observers) {
  return scan::github_kind<AuditHandler>(
      mirror::audit_kind, {"mirror_audits", "records of comparisons with GitHub"}, observers);
}

int record_audits(pg::Connection& connection, std::chrono::seconds every) {
  int recorded = 0;
  pg::Transaction transaction(connection);
  for (const auto id : mirror::audits_due(connection, every)) {
    const auto repository = mirror::find_repository(connection, id);
    if (!repository) continue;
    mirror::NewOperation operation;
    operation.kind = mirror::audit_kind;
    operation.key = std::to_string(id);
    operation.owner = scan::queue_owner(repository->full_name);
    operation.target = repository->full_name;
    operation.repository_id = id;
    operation.source = queue::Source::reconcile;
    operation.priority = mirror::audit_priority;
    if (!mirror::record(connection, operation).is_joined) ++recorded;
  }
  transaction.commit();
  if (recorded > 0) queue::wake_workers(connection);
  return recorded;
}

}  // namespace devy::verify
