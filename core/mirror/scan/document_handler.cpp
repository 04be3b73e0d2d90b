#include "core/mirror/scan/document_handler.hpp"

#include <array>

#include "core/mirror/records/issue_of_pull.hpp"
#include "core/mirror/records/process.hpp"
#include "core/mirror/records/without_identity.hpp"
#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/pull_store.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/webhook/delivery_store.hpp"
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/form.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

constexpr json::Format payload_format{.name = "a webhook's payload",
                                      .bytes_max = webhook::payload_bytes_max,
                                      .depth_max = webhook::payload_depth_max,
                                      .repeated = json::Repeated::last_counts,
                                      .kind = ErrorKind::rejected,
                                      .code = "payload_invalid"};

// The list that an event's main document is an item of, by the payload's member.
struct Subject {
  std::string_view member, list;
};
constexpr std::array<Subject, 6> subjects{{{"issue", "issues"},
                                           {"pull_request", "pulls"},
                                           {"label", "labels"},
                                           {"milestone", "milestones"},
                                           {"comment", "comments"},
                                           {"hook", "hooks"}}};

std::string_view member_of(const mirror::Task& task) {
  const auto rest = task.target.substr(task.target.find('/', task.target.find('/') + 1) + 1);
  for (const auto& subject : subjects)
    if (rest.starts_with(std::string(subject.list) + "/")) return subject.member;
  throw Error(ErrorKind::internal, "unable to apply a delivery: its subject is unknown");
}

// One event, as it is applied.
struct Said {
  const json::Value& payload;
  std::string_view member;
  const List& list;
  const webhook::Delivery& delivery;
  std::int64_t repository_id;
};

// The end of a thing, where the event is that.
std::optional<mirror::RowEnd> end_of(const Said& said) {
  const auto& action = said.delivery.action;
  const auto& event = said.delivery.event;
  const bool is_own_event = event == "issues" || event == "label" || event == "milestone" ||
                            event == "meta" ||
                            (event == "issue_comment" && said.member == "comment");
  if (!is_own_event || (action != "deleted" && action != "transferred")) return std::nullopt;
  mirror::RowEnd end;
  end.list = said.list.name;
  end.id = said.payload.integer(std::string(said.member) + "/id");
  end.reason = action;
  end.at = said.delivery.received_at;
  end.repository_id = said.repository_id;
  if (action == "transferred") {
    end.moved_to = said.payload.if_text("changes/new_repository/full_name").value_or("");
    end.moved_number = said.payload.if_integer("changes/new_issue/number").value_or(0);
  }
  return end;
}

// The repository's own figures count, and not who it is: whoever knows its secret could name
// another.
records::Records believed(const records::Records& told) {
  records::Records records;
  for (const auto relation : records::relations)
    for (const auto* record : told.of(relation))
      records.add(relation == records::Relation::repository && !record->is_added_only
                      ? records::without_identity(*record)
                      : *record);
  return records;
}

records::Records records_of(const Said& said) {
  records::Origin origin;
  origin.via = records::Via::webhook;
  if (said.delivery.scope.reach == webhook::Reach::repository)
    origin.scope = said.delivery.scope.github_id;
  origin.fetched_at = said.delivery.received_at;
  origin.github_at = said.delivery.received_at;
  origin.repository_id = said.repository_id;
  records::Records records;
  said.list.process(said.payload.at(said.member), origin, records);
  if (const auto repository = said.payload.find("repository"))
    records::process_repository(*repository, origin, records);
  return said.delivery.scope.reach == webhook::Reach::app ? records : believed(records);
}

// The row of the issue that a pull request also is follows it.
void add_issue_of_pull(pg::Connection& connection, const Said& said, records::Records& records) {
  if (said.list.relation != records::Relation::pull_request) return;
  const auto pulls = records.of(records::Relation::pull_request);
  if (pulls.size() != 1) return;
  const auto pull = *pulls.front();
  if (const auto issue = mirror::issue_of_number(connection, said.repository_id, pull.links.number))
    records.add(records::issue_of_pull(pull, *issue));
}

void apply_said(pg::Connection& connection, const Said& said,
                const mirror::RowObservers& observers) {
  auto records = records_of(said);
  add_issue_of_pull(connection, said, records);
  mirror::apply(
      connection, records,
      {records::Via::webhook, said.delivery.received_at, std::nullopt, said.list.relation}, {});
  // A thing that the mirror never had gets a row, too, so that what comes late finds its end.
  if (const auto end = end_of(said)) mirror::end_row(connection, *end, {});
  // It was signed with a secret of ours, so that hook sends to us.
  if (said.delivery.event == "ping")
    mirror::note_own_hook(connection, said.payload.integer("hook/id"), said.repository_id);
  // Only now: they lock rows behind all of the mirror's.
  mirror::tell_observers(connection, observers);
}

}  // namespace

std::optional<queue::AttemptResult> DocumentHandler::run(queue::Attempt& attempt) {
  auto& connection = attempt.connection;
  const auto task = mirror::load_task(connection, attempt.lease.operation);
  attempt.subject.emplace(base::log::Fields{{"target", task.target}});
  const auto guid = task.delivery.value();
  begin_step(attempt, config_, "apply");
  webhook::Delivery delivery;
  std::string body;
  try {
    delivery = webhook::find_delivery(connection, guid);
    body = webhook::load_delivery_body(connection, guid);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    ask_instead(attempt, task);
    return std::nullopt;
  }
  const auto payload = json::parse(webhook::payload_of_form(body).value_or(body), payload_format);
  const auto member = member_of(task);
  const auto target_list = task.target.substr(task.target.find('/', task.target.find('/') + 1) + 1);
  const auto* list = find_list(target_list.substr(0, target_list.find('/')));
  const Said said{payload, member, *list, delivery, task.repository_id.value()};
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(connection);
  queue::fence(connection, attempt.lease, config_.queue.lease_ttl);
  apply_said(connection, said, observers_);
  // A push to a pull request moves its head, and its files are others.
  const bool reads_files = config_.mirror.files &&
                           list->relation == records::Relation::pull_request &&
                           mirror::is_to_be_read(connection, payload.integer("pull_request/id"));
  if (reads_files)
    if (const auto repository = mirror::find_repository(connection, said.repository_id))
      record_scan(connection, *repository, *find_list("files"), "all",
                  {queue::Source::webhook, mirror::settle_priority, {}, {}});
  queue::finish(connection, attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  if (reads_files) queue::wake_workers(connection);
  return std::nullopt;
}

void DocumentHandler::ask_instead(queue::Attempt& attempt, const mirror::Task& task) {
  mirror::NewOperation operation;
  operation.kind = mirror::fetch_kind;
  operation.key = task.target;
  operation.owner = queue_owner(task.target);
  operation.target = task.target;
  operation.repository_id = task.repository_id;
  operation.source = task.source;
  pg::Transaction transaction(attempt.connection);
  queue::fence(attempt.connection, attempt.lease, config_.queue.lease_ttl);
  const auto recorded = mirror::record(attempt.connection, operation);
  mirror::note_child(attempt.connection, attempt.lease.operation, recorded.id);
  queue::finish(attempt.connection, attempt.lease, queue::AttemptResult{});
  transaction.commit();
  queue::wake_workers(attempt.connection);
}

queue::Kind document_operation_kind(const mirror::RowObservers& observers) {
  queue::Kind kind;
  kind.name = mirror::document_kind;
  kind.make_handler =
      [&observers](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<DocumentHandler>(context, observers);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return config.mirror.enabled; };
  kind.records = {"mirror_documents", "records of events mirrored"};
  return kind;
}

}  // namespace devy::scan
