#include "core/mirror/scan/scan_handler.hpp"

#include "core/mirror/scan/by_time.hpp"
#include "core/mirror/scan/close_scan.hpp"
#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/store/pull_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::scan {
namespace {

using mirror::Part;

std::vector<Part> divide_by_number(const Page& first, int parts_max) {
  std::vector<Part> parts;
  if (!first.last_page) {
    Part part;
    part.next_url = first.next;
    return {part};
  }
  const int count = std::min(parts_max, *first.last_page - 1);
  for (int slot = 0; slot < count; ++slot) {
    Part part;
    part.slot = slot;
    part.next_page = slot + 2;
    part.stride = count;
    parts.push_back(part);
  }
  return parts;
}

// An incremental reading of a list that knows no "since": the newest changes come first.
bool is_by_change(const List& list, const std::optional<base::TimePoint>& since) {
  return since && list.relation == records::Relation::pull_request &&
         list.paging == Paging::by_number;
}

// The rest of an incremental reading is one part: it is short.
std::vector<Part> rest_of_changes(const List& list, const Page& first, base::TimePoint since) {
  Part part;
  if (is_by_change(list, since)) {
    if (!first.next || (first.last_updated_at && *first.last_updated_at < since)) return {};
    part.next_url = first.next;
    part.to_at = since;
    return {part};
  }
  part.from_at = since - step_back;
  if (move_behind(first, part)) return {};
  return {part};
}

Page first_page(pg::Connection& connection, Api& api, const List& list, std::int64_t repository_id,
                const std::string& state, const std::optional<base::TimePoint>& since) {
  if (is_by_change(list, since))
    return read_page(connection, api, list, repository_id,
                     newest_changes_address(list, repository_id));
  if (list.paging == Paging::by_number)
    return read_numbered_page(connection, api, list, repository_id, state, 1);
  Part beginning;
  beginning.from_at = since ? *since - step_back : earliest;
  return read_page_since(connection, api, list, repository_id, state, beginning);
}

// A list that is switched off has nothing in it.
Page switched_off(const List& list, base::TimePoint now) {
  Page page;
  page.relation = list.relation;
  page.sent_at = now;
  return page;
}

}  // namespace

std::vector<Part> divide(const List& list, const Page& first, int parts_max) {
  if (!first.next) return {};
  return list.paging == Paging::by_number ? divide_by_number(first, parts_max)
                                          : divide_by_time(first, parts_max);
}

std::optional<queue::AttemptResult> ScanHandler::work(Work& work) {
  const auto* list = find_list(work.task.list);
  if (list == nullptr)
    throw base::Error(base::ErrorKind::internal, "unknown list '" + work.task.list + "'");
  begin_step(work.attempt, config(), "begin");
  if (resume(work, *list)) return std::nullopt;
  if (list->paging == Paging::by_row) {
    begin_by_row(work, *list);
    return std::nullopt;
  }
  Page page;
  try {
    page = first_page(work.connection(), work.api, *list, work.repository.github_id.value(),
                      work.task.state, work.task.since);
  } catch (const base::Error& error) {
    if (error.code() != "github_gone") throw;
    page = switched_off(*list, clock().now());
  }
  const bool is_rest_of_changes =
      work.task.since && (list->paging == Paging::by_time || is_by_change(*list, work.task.since));
  begin(work, *list, page,
        is_rest_of_changes ? rest_of_changes(*list, page, *work.task.since)
                           : divide(*list, page, static_cast<int>(config().mirror.parts)));
  return std::nullopt;
}

bool ScanHandler::resume(Work& work, const List& list) {
  const auto id = work.attempt.lease.operation.text();
  const auto scan = mirror::find_scan(work.connection(), id);
  if (!scan) return false;
  pg::Transaction transaction(work.connection());
  work.fence();
  if (scan->parts_open == 0) {  // a replay of one that was read to its end reads it again
    mirror::delete_scan(work.connection(), id);
    transaction.commit();
    return false;
  }
  mirror::reopen_scan(work.connection(), id);
  for (const auto& part : mirror::list_parts(work.connection(), id)) {
    if (part.is_done) continue;
    const auto recorded =
        record_part(work.connection(), id, work.repository.name, scan->repository_id, list,
                    scan->state, part.slot, {work.task.source, work.task.priority, {}, {}});
    mirror::note_child(work.connection(), work.attempt.lease.operation, recorded.id);
  }
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  queue::wake_workers(work.connection());
  return true;
}

void ScanHandler::begin(Work& work, const List& list, const Page& page,
                        const std::vector<Part>& parts) {
  const auto id = work.attempt.lease.operation.text();
  const auto repository_id = work.repository.github_id.value();
  mirror::NewScan scan;
  scan.id = id;
  scan.list_key = list_key(repository_id, list, work.task.state);
  scan.repository_id = repository_id;
  scan.list = list.name;
  scan.state = work.task.state;
  scan.since = work.task.since;
  scan.started_at = page.sent_at;
  scan.parts = static_cast<int>(parts.size());
  if (parts.empty()) scan.items_expected = page.items;
  else if (page.last_page) scan.items_expected = std::int64_t{*page.last_page} * page_size_max;
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::begin_scan(work.connection(), scan);
  apply_page(work.connection(), id, repository_id, page, work.observers);
  for (const auto& part : parts) {
    mirror::add_part(work.connection(), id, part);
    const auto recorded =
        record_part(work.connection(), id, work.repository.name, repository_id, list,
                    work.task.state, part.slot, {work.task.source, work.task.priority, {}, {}});
    mirror::note_child(work.connection(), work.attempt.lease.operation, recorded.id);
  }
  if (parts.empty())
    close_scan(work.connection(), id, config().mirror.files,
               {work.task.source, work.task.priority, {}, {}});
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  queue::wake_workers(work.connection());
}

void ScanHandler::begin_by_row(Work& work, const List& list) {
  const auto lacking =
      mirror::count_pulls_to_read(work.connection(), work.repository.github_id.value());
  Page page;
  page.relation = list.relation;
  page.sent_at = clock().now();
  page.requests = 0;
  std::vector<Part> parts;
  const auto count = std::min<std::int64_t>(config().mirror.parts, lacking);
  for (int slot = 0; slot < count; ++slot) {
    Part part;
    part.slot = slot;
    part.next_page = 0;
    part.stride = static_cast<int>(count);
    parts.push_back(part);
  }
  begin(work, list, page, parts);
}

queue::Kind scan_operation_kind(const mirror::RowObservers& observers) {
  return github_kind<ScanHandler>(mirror::scan_kind, {"mirror_scans", "records of lists mirrored"},
                                  observers);
}

}  // namespace devy::scan
