#include <algorithm>
#include <utility>

#include "core/platform/base/log.hpp"
#include "core/systems.hpp"
#include "daemon/exit_status.hpp"
#include "daemon/roles.hpp"
#include "daemon/supervisor/supervisor.hpp"

// Handles what the supervisor's children report while they live, and how they end.

namespace devy::daemon {

using std::chrono::milliseconds;

void Supervisor::handle_reports() {
  for (const auto& [child, report] : children_.listen())
    handle_report(*child, report);
}

void Supervisor::handle_report(ChildProcess& child, const Report& report) {
  if (report.name == "ready") {
    child.is_ready = true;
    base::log::info("process ready", {{"role", child.role}, {"address", report.text("address")}});
  } else if (report.name == "database_retry") {
    counters_.add("database_retries", report.text("class"));
  } else if (runs_operations(child.role)) handle_work_report(child, report);
  else if (report.name == "queue") handle_queue_report(report);
  else if (report.name == "counts") handle_counts(report);
  else if (report.name == "numbers_taken") child.owes_answer = false;
  else if (report.name == "counters") (child.role == "web" ? web_ : listener_) = report;
}

void Supervisor::end_step(ChildProcess& worker) {
  counters_.add_step(worker.step,
                     std::chrono::duration_cast<milliseconds>(worker.heard_at - worker.step_since));
  counters_.add("git_received_bytes", std::exchange(worker.fetched_bytes, 0));
  worker.step.clear();
  worker.step_since = worker.heard_at;
}

void Supervisor::handle_work_report(ChildProcess& worker, const Report& report) {
  auto& work = worker.work;
  worker.is_ready = true;
  if (report.name == "claimed") {
    work.is_busy = true;
    work.operation_since = work.progress_at = worker.heard_at;
    worker.operation = report.text("operation");
    if (const auto* kind = systems::find_kind(report.text("kind")); kind != nullptr)
      work.limits = kind->limits(settings_.config);
  } else if (report.name == "progress") {
    work.progress_at = worker.heard_at;
    if (worker.step != report.text("step")) end_step(worker);
    worker.step = report.text("step");
    worker.fetched_bytes = std::max(worker.fetched_bytes, report.number("bytes"));
  } else if (report.name == "ended") {
    counters_.add("attempts", report.text("state"));
    backoffs_[worker.role].worked();
    if (worker.step == "fetch" && !report.text("code").empty())
      counters_.add("fetch_errors", report.text("code"));
    end_step(worker);
    work.is_busy = false;
    work.idle_since = worker.heard_at;
    worker.operation.clear();
  } else if (report.name == "lease_lost") {
    counters_.add("fenced");
  } else if (report.name == "rescued") {
    counters_.add("rescued");
  } else if (report.name == "rejected") {
    for (const auto& [reason, count] : report.fields)
      counters_.add("rejected", reason, report.number(reason));
  } else if (report.name == "counts") {
    handle_counts(report);
  } else if (report.name == "swept") {
    counters_.add("orphans", report.number("count"));
  }
}

void Supervisor::handle_queue_report(const Report& report) {
  queue_ = report;
  const auto trouble = report.text("schema_trouble");
  if (trouble.empty() || phase_ == Phase::draining || phase_ == Phase::stopping) return;
  // The database was migrated to another version: this program cannot work there any more.
  base::log::error("schema mismatch", {{"error", trouble}});
  exit_status_ = exit_configuration;
  begin_drain();
}

void Supervisor::handle_counts(const Report& report) {
  for (const auto& [what, count] : report.fields)
    if (const auto number = report.number(what); number > 0) counters_.add("counts", what, number);
}

void Supervisor::handle_child_exits() {
  for (const auto& exit : children_.reap())
    handle_child_exit(exit);
}

void Supervisor::handle_child_exit(const ChildExit& exit) {
  const base::log::Fields fields{{"role", exit.role},
                                 {"ending", exit.ending},
                                 {"cause", exit.cause},
                                 {"operation", exit.operation},
                                 {"step", exit.step}};
  if (runs_operations(exit.role)) counters_.add("exits", exit.cause);
  if (!exit.is_failure()) {
    base::log::debug("process exited", fields);
    return;
  }
  base::log::error("process ended", fields);
  backoffs_[exit.role].failed(exit.started_at, clock_.monotonic_now());
  // A restart does not help when a child cannot work with its configuration from the start.
  const auto status = exit.status();
  const bool is_hopeless = status == exit_configuration || status == exit_no_permission ||
                           status == exit_temporary || status == exit_unavailable;
  if (phase_ == Phase::starting && is_hopeless) {
    exit_status_ = *status;
    begin_drain();
  }
}

}  // namespace devy::daemon
