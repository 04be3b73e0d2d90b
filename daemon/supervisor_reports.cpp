#include <algorithm>
#include <utility>

#include "core/base/log.hpp"
#include "daemon/exit_status.hpp"
#include "daemon/supervisor.hpp"

// What the supervisor's children say while they live, and by how they end.

namespace devy::daemon {

using std::chrono::milliseconds;

void Supervisor::take_reports() {
  for (const auto& [member, report] : crew_.listen())
    take_report(*member, report);
}

void Supervisor::take_report(Member& member, const Report& report) {
  if (report.name == "ready") {
    member.is_ready = true;
    base::log::info("process ready", {{"role", member.role}, {"address", report.text("address")}});
  } else if (report.name == "database_retry") {
    tally_.add("database_retries", report.text("class"));
  } else if (member.role == "worker") take_work_report(member, report);
  else if (report.name == "queue") take_queue_report(report);
  else if (report.name == "upkeep") take_upkeep_report(report);
  else if (report.name == "numbers_taken") member.owes_answer = false;
  else if (report.name == "counters") listener_ = report;
}

void Supervisor::end_step(Member& worker) {
  tally_.add_phase(worker.step,
                   std::chrono::duration_cast<milliseconds>(worker.heard_at - worker.step_since));
  tally_.add("git_received_bytes", std::exchange(worker.fetched_bytes, 0));
  worker.step.clear();
  worker.step_since = worker.heard_at;
}

void Supervisor::take_work_report(Member& worker, const Report& report) {
  auto& work = worker.work;
  worker.is_ready = true;
  if (report.name == "claimed") {
    work.is_busy = true;
    work.operation_since = work.progress_at = worker.heard_at;
    worker.operation = report.text("operation");
  } else if (report.name == "progress") {
    work.progress_at = worker.heard_at;
    if (worker.step != report.text("step")) end_step(worker);
    worker.step = report.text("step");
    worker.fetched_bytes = std::max(worker.fetched_bytes, report.number("bytes"));
  } else if (report.name == "ended") {
    tally_.add("attempts", report.text("state"));
    paces_[worker.role].worked();
    if (worker.step == "fetch" && !report.text("code").empty())
      tally_.add("fetch_errors", report.text("code"));
    end_step(worker);
    work.is_busy = false;
    work.idle_since = worker.heard_at;
    worker.operation.clear();
  } else if (report.name == "lease_lost") {
    tally_.add("fenced");
  } else if (report.name == "rescued") {
    tally_.add("rescued");
  } else if (report.name == "rejected") {
    for (const auto& [reason, count] : report.fields)
      tally_.add("rejected", reason, report.number(reason));
  } else if (report.name == "swept") {
    tally_.add("orphans", report.number("count"));
  }
}

void Supervisor::take_queue_report(const Report& report) {
  queue_ = report;
  const auto trouble = report.text("schema_trouble");
  if (trouble.empty() || phase_ == Phase::draining || phase_ == Phase::stopping) return;
  // Somebody has migrated the database: this program has nothing to do there any more.
  base::log::error("schema is another's", {{"error", trouble}});
  exit_status_ = exit_configuration;
  begin_drain();
}

void Supervisor::take_upkeep_report(const Report& report) {
  for (const auto& [what, count] : report.fields)
    if (const auto number = report.number(what); number > 0) tally_.add("upkeep", what, number);
}

void Supervisor::take_departures() {
  for (const auto& departure : crew_.reap())
    take_departure(departure);
}

void Supervisor::take_departure(const Departure& departure) {
  const base::log::Fields fields{{"role", departure.role},
                                 {"ending", departure.ending},
                                 {"cause", departure.cause},
                                 {"upload", departure.operation},
                                 {"step", departure.step}};
  if (departure.role == "worker") tally_.add("exits", departure.cause);
  if (!departure.is_failure()) {
    base::log::debug("process left", fields);
    return;
  }
  base::log::error("process ended", fields);
  paces_[departure.role].failed(departure.started_at, clock_.monotonic_now());
  // What a child cannot work with from the very start, a restart does not mend.
  const auto status = departure.status();
  const bool is_hopeless = status == exit_configuration || status == exit_no_permission ||
                           status == exit_temporary || status == exit_unavailable;
  if (phase_ == Phase::starting && is_hopeless) {
    exit_status_ = *status;
    begin_drain();
  }
}

}  // namespace devy::daemon
