#include "core/mirror/scan/close_scan.hpp"

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/store/pull_store.hpp"
#include "core/mirror/store/sweep_store.hpp"

namespace devy::scan {

void close_scan(pg::Connection& connection, const std::string& id, const Request& request) {
  const auto scan = mirror::find_scan(connection, id).value();
  const auto* list = find_list(scan.list);
  const bool is_whole = scan.state == "all" && scan.mode == "full" && list != nullptr &&
                        list->paging != Paging::by_row;
  const auto candidates =
      is_whole ? mirror::count_candidates(connection, scan) : mirror::Candidates();
  if (candidates.unseen + candidates.missing == 0) {
    mirror::end_scan(connection, id, mirror::ScanPhase::completed);
    // A pull request that was pushed to behind the scan's place joined it too late.
    if (list != nullptr && list->paging == Paging::by_row &&
        mirror::are_pulls_to_read_since(connection, scan.repository_id, scan.started_at))
      if (const auto repository = mirror::find_repository(connection, scan.repository_id))
        record_scan(connection, *repository, *list, "all", request);
    return;
  }
  mirror::begin_sweep(connection, scan, candidates.unseen + candidates.missing);
  mirror::NewOperation operation;
  operation.kind = mirror::sweep_kind;
  operation.key = scan.list_key + "/sweep";
  operation.owner = queue_owner(scan.repository);
  operation.target = scan.repository + "/" + scan.list;
  operation.repository_id = scan.repository_id;
  operation.list = scan.list;
  operation.state = scan.state;
  operation.scan = id;
  operation.source = request.source;
  operation.priority = request.priority;
  const auto recorded = mirror::record(connection, operation);
  mirror::note_child(connection, base::OperationId::trusted(id), recorded.id);
}

}  // namespace devy::scan
