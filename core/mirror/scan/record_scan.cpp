#include "core/mirror/scan/record_scan.hpp"

#include "core/mirror/scan/handler.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::scan {

std::string list_key(std::int64_t repository_id, const List& list, std::string_view state) {
  return std::to_string(repository_id) + "/" + list.name + "/" +
         std::string(list.has_states ? state : "all");
}

mirror::Recorded record_scan(pg::Connection& connection, const mirror::Repository& repository,
                             const List& list, std::string_view state, const Request& request) {
  mirror::NewOperation operation;
  operation.kind = mirror::scan_kind;
  operation.key = list_key(repository.id, list, state);
  operation.owner = queue_owner(repository.full_name);
  operation.target = repository.full_name + "/" + list.name;
  operation.repository_id = repository.id;
  operation.list = list.name;
  operation.state = list.has_states ? state : "all";
  operation.source = request.source;
  operation.priority = request.priority;
  operation.requested_by = request.requested_by;
  operation.reason = request.reason;
  operation.since = request.since;
  return mirror::record(connection, operation);
}

mirror::Recorded record_part(pg::Connection& connection, const std::string& scan,
                             const std::string& repository, std::int64_t repository_id,
                             const List& list, std::string_view state, int slot,
                             const Request& request) {
  mirror::NewOperation operation;
  operation.kind = mirror::part_kind;
  operation.key = list_key(repository_id, list, state) + "/" + std::to_string(slot);
  operation.owner = queue_owner(repository);
  operation.target = repository + "/" + list.name;
  operation.repository_id = repository_id;
  operation.scan = scan;
  operation.slot = slot;
  operation.list = list.name;
  operation.state = list.has_states ? state : "all";
  operation.source = request.source;
  operation.priority = request.priority;
  return mirror::record(connection, operation);
}

void record_reading(pg::Connection& connection, const mirror::DueList& due, int priority) {
  const auto repository = mirror::find_repository(connection, due.repository_id);
  const auto* list = find_list(due.list);
  if (!repository || list == nullptr) return;
  Request request;
  request.source = queue::Source::reconcile;
  request.priority = priority;
  request.since = due.since;
  pg::Transaction transaction(connection);
  record_scan(connection, *repository, *list, "all", request);
  transaction.commit();
  queue::wake_workers(connection);
}

}  // namespace devy::scan
