#include "core/mirror/scan/close_scan.hpp"

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/store/pull_store.hpp"
#include "core/mirror/store/sweep_store.hpp"

namespace devy::scan {

namespace {

// Whether pull requests have to be read by themselves after the scan. Of those that it read, the
// list settled some whose details are of an earlier head; and one that was pushed to behind the
// place of a scan that reads them joined that too late.
bool are_pulls_left(pg::Connection& connection, const mirror::Scan& scan, const List* list,
                    bool reads_files) {
  if (list == nullptr) return false;
  if (list->paging == Paging::by_row)
    return mirror::are_pulls_to_read_since(connection, scan.repository_id, scan.started_at);
  return reads_files && scan.list == "pulls" && scan.mode == "incremental" &&
         mirror::are_read_pulls_to_read(connection, scan.repository_id, scan.started_at);
}

}  // namespace

void close_scan(pg::Connection& connection, const std::string& id, bool reads_files,
                const Request& request) {
  const auto scan = mirror::find_scan(connection, id).value();
  const auto* list = find_list(scan.list);
  const bool is_whole = scan.state == "all" && scan.mode == "full" && list != nullptr &&
                        list->paging != Paging::by_row;
  const auto candidates =
      is_whole ? mirror::count_candidates(connection, scan) : mirror::Candidates();
  if (candidates.unseen + candidates.missing == 0) {
    mirror::end_scan(connection, id, mirror::ScanPhase::completed);
    if (are_pulls_left(connection, scan, list, reads_files))
      if (const auto repository = mirror::find_repository(connection, scan.repository_id))
        record_scan(connection, *repository, *find_list("files"), "all", request);
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
