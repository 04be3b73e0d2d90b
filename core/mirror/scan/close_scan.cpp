#include "core/mirror/scan/close_scan.hpp"

#include "core/mirror/scan/handler.hpp"
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
