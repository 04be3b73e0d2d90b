#include "core/mirror/scan/document_handler.hpp"

#include "core/mirror/scan/apply_told.hpp"
#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/scan/told.hpp"
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

// The name of the list behind the repository's in "alice/notes/issues/7".
std::string list_of(const mirror::Task& task) {
  const auto rest = task.target.substr(task.target.find('/', task.target.find('/') + 1) + 1);
  return rest.substr(0, rest.find('/'));
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
  const auto list_name = list_of(task);
  const auto* list = find_list(list_name);
  const auto member = member_of_list(list_name);
  if (list == nullptr || member.empty())
    throw Error(ErrorKind::internal, "unable to apply a delivery: its subject is unknown");
  const Told told{payload, delivery.event, delivery.action,      member,
                  *list,   delivery.scope, delivery.received_at, task.repository_id.value()};
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(connection);
  queue::fence(connection, attempt.lease, config_.queue.lease_ttl);
  apply_told(connection, told);
  // Only now: they lock rows behind all of the mirror's.
  mirror::tell_observers(connection, observers_);
  // A push to a pull request moves its head, and its files are others.
  const bool reads_files = config_.mirror.files &&
                           list->relation == records::Relation::pull_request &&
                           mirror::is_to_be_read(connection, payload.integer("pull_request/id"));
  if (reads_files)
    if (const auto repository = mirror::find_repository(connection, told.repository_id))
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
