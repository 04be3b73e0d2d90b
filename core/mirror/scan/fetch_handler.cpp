#include "core/mirror/scan/fetch_handler.hpp"

#include "core/mirror/scan/ask_about.hpp"
#include "core/mirror/scan/item.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/scan/target.hpp"
#include "core/mirror/scan/user_load.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/webhook/delivery_store.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

// Limit for the rows that one transaction ends.
constexpr int ended_rows_max = 1'000;

std::string address_of(const Target& target, std::optional<std::int64_t> repository_id) {
  if (!repository_id) return "/repos/" + target.repository;
  if (target.list.empty()) return "/repositories/" + std::to_string(*repository_id);
  return item_address(*find_list(target.list), *repository_id, target.key);
}

}  // namespace

std::optional<queue::AttemptResult> FetchHandler::work(Work& work) {
  const auto target = parse_target(work.task.target);
  begin_step(work.attempt, config(), "ask");
  if (target.is_user()) {
    load_user(work, target.repository);
    return std::nullopt;
  }
  const auto id = work.repository.github_id;
  if (!target.list.empty())
    if (const auto row = mirror::find_row(work.connection(), id.value(), target.list, target.key)) {
      fetch_known(work, *find_list(target.list), *row);
      return std::nullopt;
    }
  github::Answer answer;
  const auto asked_at = clock().now();
  try {
    answer = work.api.get(work.connection(), address_of(target, id));
  } catch (const Error& error) {
    const bool is_about_repository = error.kind() == ErrorKind::not_found && target.list.empty();
    if (!is_about_repository || !id || !work.task.delivery) throw;
    end_repository(work, asked_at);
    return std::nullopt;
  }
  const auto document = github::parse_document(answer.body);
  if (target.list.empty()) {
    apply_repository(work, answer, document);
    return std::nullopt;
  }
  if (const auto moved = other_repository(document, id.value(), work.repository.name))
    throw Error(ErrorKind::not_found,
                "unable to read " + base::in_quotes(target.text()) + ": it belongs to " +
                    base::in_quotes(base::safe_text(*moved)) + " now",
                "Load it there.", "mirror_transferred");
  const auto& list = *find_list(target.list);
  records::Records records;
  list.process(document, origin_of(answer, *id), records);
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::apply(work.connection(), records,
                {records::Via::api, answer.sent_at, answer.date, list.relation}, work.observers);
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  return std::nullopt;
}

// A thing of which there is a row: it is written again, or ends.
void FetchHandler::fetch_known(Work& work, const List& list, const mirror::Unseen& row) {
  const auto end = ask_about(work, list, row, clock().now());
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  const bool is_ended = end && mirror::end_row(work.connection(), *end, work.observers);
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  if (is_ended) base::log::info("mirrored row ended", {{"id", row.id}, {"reason", end->reason}});
}

// An event said that something is different, and GitHub does not show the repository. That it was
// deleted is final where its own secret, or the App's, has signed it; else it may be seen again.
void FetchHandler::end_repository(Work& work, base::TimePoint asked_at) {
  const auto delivery = webhook::find_delivery(work.connection(), work.task.delivery.value());
  const bool is_deleted =
      delivery.event == "repository" && delivery.action == "deleted" && delivery.scope.is_own();
  const auto* const reason = is_deleted ? "repository_deleted" : "access_lost";
  const auto id = work.repository.github_id.value();
  for (bool is_more = true; is_more;) {
    work.attempt.check();
    base::fault_point("before_mirror_write");
    pg::Transaction transaction(work.connection());
    work.fence();
    is_more = mirror::end_repository(work.connection(), id, reason, asked_at, ended_rows_max) ==
              ended_rows_max;
    mirror::tell_observers(work.connection(), work.observers);
    if (!is_more) queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
    base::fault_point("before_mirror_commit");
    transaction.commit();
  }
  base::log::info("mirrored repository ended",
                  {{"repository", work.repository.name}, {"reason", reason}});
}

void FetchHandler::apply_repository(Work& work, const github::Answer& answer,
                                    const json::Value& document) {
  const auto id = document.integer("id");
  if (work.repository.github_id && *work.repository.github_id != id)
    throw Error(ErrorKind::unavailable,
                "unable to read GitHub's answer: it is another repository's",
                "Check github.api_url.", "github_garbage");
  records::Records records;
  records::process_repository(document, origin_of(answer, id), records);
  // One that may be seen again has its rows ended: only its lists bring them back.
  const auto before = mirror::find_repository(work.connection(), id);
  auto children = work.task.children;
  if (children.empty() && before && before->is_ended && before->is_mirrored)
    children = children_of_repository(config());
  const bool is_admin = document.find("permissions/admin") && document.boolean("permissions/admin");
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::apply(work.connection(), records,
                {records::Via::api, answer.sent_at, answer.date, records::Relation::repository},
                {});
  if (work.task.is_adding)
    mirror::set_mirrored(work.connection(), id, true, work.repository.installation);
  mirror::tell_observers(work.connection(), work.observers);
  const auto repository = mirror::find_repository(work.connection(), id).value();
  for (const auto& name : children) {
    const auto* list = find_list(name);
    if (list == nullptr) continue;
    if (list->needs_admin && !is_admin) {
      base::log::info("list left out",
                      {{"list", name}, {"reason", "GitHub shows it to administrators alone"}});
      continue;
    }
    const auto recorded = record_scan(work.connection(), repository, *list, "all",
                                      {work.task.source, work.task.priority, {}, {}});
    mirror::note_child(work.connection(), work.attempt.lease.operation, recorded.id);
  }
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  queue::wake_workers(work.connection());
}

queue::Kind fetch_operation_kind(const mirror::RowObservers& observers) {
  return github_kind<FetchHandler>(
      mirror::fetch_kind, {"mirror_fetches", "records of single things mirrored"}, observers);
}

}  // namespace devy::scan
