#include "core/mirror/scan/sweep_handler.hpp"

#include <algorithm>

#include "core/mirror/records/process.hpp"
#include "core/mirror/scan/ask_about.hpp"
#include "core/mirror/scan/item.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

// So many rows may be gone without a person looking: more look like a mistake somewhere.
constexpr std::int64_t gone_unasked_min = 100;
constexpr std::int64_t gone_unasked_percent = 5;

}  // namespace

std::optional<queue::AttemptResult> SweepHandler::work(Work& work) {
  const auto* list = find_list(work.task.list);
  scan_ = mirror::find_scan(work.connection(), work.task.scan.value());
  if (list == nullptr || !scan_)
    throw Error(ErrorKind::internal, "unable to sweep: its scan is not there");
  const auto candidates = mirror::count_candidates(work.connection(), *scan_);
  begin_step(work.attempt, config(),
             std::to_string(candidates.unseen + candidates.missing) + " left");
  if (!work.attempt.lease.is_approved &&
      candidates.unseen > std::max(gone_unasked_min, candidates.rows * gone_unasked_percent / 100))
    return hold(work, candidates);
  const auto begun_at = clock().monotonic_now();
  std::int64_t after_id = 0, after_number = 0;
  for (int rows = 0; rows < turn_requests_max && clock().monotonic_now() - begun_at < turn_max;
       ++rows) {
    work.attempt.check();
    report(work, "sweep", static_cast<std::uint64_t>(rows),
           static_cast<std::uint64_t>(candidates.unseen + candidates.missing));
    if (judge_next(work, *list, after_id) || read_missing(work, *list, after_number)) continue;
    complete(work);
    return std::nullopt;
  }
  return end_of_turn();
}

std::optional<queue::AttemptResult> SweepHandler::hold(Work& work,
                                                       const mirror::Candidates& candidates) {
  mirror::hold_scan(work.connection(), scan_->id);
  queue::AttemptResult result;
  result.outcome = queue::Outcome::held;
  result.error_code = "mirror_many_gone";
  result.error_text = "unable to sweep " + work.task.target + ": " +
                      std::to_string(candidates.unseen) + " of " + std::to_string(candidates.rows) +
                      " rows would be asked about";
  result.error_hint =
      "Look at the repository at GitHub; `devy-upload approve` lets it go on, `cancel` keeps the "
      "rows.";
  return result;
}

bool SweepHandler::judge_next(Work& work, const List& list, std::int64_t& after_id) {
  const auto unseen = mirror::next_unseen(work.connection(), *scan_, after_id);
  if (!unseen) return false;
  after_id = unseen->id;
  const int requests_before = work.api.requests();
  const auto end = ask_about(work, list, *unseen, clock().now());
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  const bool is_ended = end && mirror::end_row(work.connection(), *end, work.observers);
  mirror::add_gone(work.connection(), scan_->id, is_ended ? 1 : 0,
                   work.api.requests() - requests_before);
  queue::advance(work.connection(), work.attempt.lease);
  base::fault_point("before_mirror_commit");
  transaction.commit();
  if (is_ended)
    base::log::info(
        "mirrored row ended",
        {{"list", list.name}, {"id", unseen->id}, {"key", unseen->key}, {"reason", end->reason}});
  return true;
}

bool SweepHandler::read_missing(Work& work, const List& list, std::int64_t& after_number) {
  if (list.relation != records::Relation::pull_request) return false;
  const auto number = mirror::next_missing_pull(work.connection(), *scan_, after_number);
  if (!number) return false;
  after_number = *number;
  const auto id = work.repository.github_id.value();
  github::Answer answer;
  try {
    answer = work.api.get(work.connection(), item_address(list, id, std::to_string(*number)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return true;
  }
  records::Records records;
  list.process(github::parse_document(answer.body), origin_of(answer, id), records);
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::apply(work.connection(), records,
                {records::Via::api, answer.sent_at, answer.date, list.relation}, work.observers);
  mirror::add_gone(work.connection(), scan_->id, 0, 1);
  queue::advance(work.connection(), work.attempt.lease);
  transaction.commit();
  return true;
}

void SweepHandler::complete(Work& work) {
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::end_scan(work.connection(), scan_->id, mirror::ScanPhase::completed);
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
}

queue::Kind sweep_operation_kind(const mirror::RowObservers& observers) {
  return github_kind<SweepHandler>(mirror::sweep_kind,
                                   {"mirror_sweeps", "records of what lists did not have any more"},
                                   observers);
}

}  // namespace devy::scan
