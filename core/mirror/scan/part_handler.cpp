#include "core/mirror/scan/part_handler.hpp"

#include "core/mirror/scan/close_scan.hpp"
#include "core/mirror/scan/read_on.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/pull_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::scan {
namespace {

using mirror::Part;

// GitHub lists no more files of a pull request.
constexpr int files_max = 3'000;

std::string pull_address(std::int64_t repository_id, std::int64_t number) {
  return "/repositories/" + std::to_string(repository_id) + "/pulls/" + std::to_string(number);
}

}  // namespace

std::optional<queue::AttemptResult> PartHandler::work(Work& work) {
  const auto& scan = work.task.scan.value();
  const auto* list = find_list(work.task.list);
  if (list == nullptr)
    throw base::Error(base::ErrorKind::internal, "unknown list '" + work.task.list + "'");
  has_moved_ = false;
  auto part = mirror::load_part(work.connection(), scan, work.task.slot.value());
  // Another name for each place: an operation that comes no further is seen by that.
  begin_step(work.attempt, config(), "page " + std::to_string(part.pages + 1));
  try {
    if (part.is_done) {
      end(work, part);
      return std::nullopt;
    }
    const auto begun_at = clock().monotonic_now();
    for (int pages = 0; pages < turn_requests_max && clock().monotonic_now() - begun_at < turn_max;
         ++pages) {
      work.attempt.check();
      report(work, "read", static_cast<std::uint64_t>(part.pages), 0);
      const bool is_at_end =
          list->paging == Paging::by_row ? !read_pull(work, part) : read_next(work, *list, part);
      if (is_at_end) return std::nullopt;
    }
  } catch (const base::Error& error) {
    const bool is_last_try =
        !has_moved_ && work.attempt.lease.attempt >= work.attempt.lease.max_attempts;
    const bool is_final = !base::is_retryable(error.kind()) &&
                          error.kind() != base::ErrorKind::stopped &&
                          error.kind() != base::ErrorKind::conflict;
    if (is_final || (is_last_try && error.code() != "rate_limited"))
      mirror::end_scan(work.connection(), scan, mirror::ScanPhase::failed);
    throw;
  }
  return end_of_turn();
}

bool PartHandler::read_next(Work& work, const List& list, Part& part) {
  const auto& scan = work.task.scan.value();
  const auto id = work.repository.github_id.value();
  const auto [page, is_at_end] =
      read_on(work.connection(), work.api, list, id, work.task.state, part);
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  apply_page(work.connection(), scan, work.repository.github_id.value(), page, work.observers);
  move(work, part, page.items);
  if (is_at_end) end_within(work, part);
  base::fault_point("before_mirror_commit");
  transaction.commit();
  if (is_at_end) queue::wake_workers(work.connection());
  return is_at_end;
}

bool PartHandler::read_pull(Work& work, Part& part) {
  const auto id = work.repository.github_id.value();
  const auto pull = mirror::next_pull(work.connection(),
                                      {id, part.slot, part.stride.value(), part.next_page.value()});
  if (!pull) {
    end(work, part);
    return false;
  }
  // Each of the two is kept as soon as it is read: what is killed asks for one of them again.
  if (pull->has_details || pull->number == asked_number_) read_files(work, *pull, part);
  else read_details(work, *pull, part);
  asked_number_ = pull->number;
  return true;
}

void PartHandler::read_details(Work& work, const mirror::PullToRead& pull, Part& part) {
  const auto& scan = work.task.scan.value();
  const auto id = work.repository.github_id.value();
  const auto answer = work.api.get(work.connection(), pull_address(id, pull.number));
  const auto document = github::parse_document(answer.body);
  Page page;
  page.relation = records::Relation::pull_request;
  page.items = 1;
  page.sent_at = answer.sent_at;
  page.date = answer.date;
  records::process_pull_request(document, origin_of(answer, id), page.records);
  if (document.if_text("head/sha").value_or("") == pull.files_head_sha &&
      document.if_text("base/sha").value_or("") == pull.files_base_sha)
    part.next_page = static_cast<int>(pull.number);  // it has its files
  ++part.pages;
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  apply_page(work.connection(), scan, id, page, work.observers);
  move(work, part, page.items);
  base::fault_point("before_mirror_commit");
  transaction.commit();
}

void PartHandler::read_files(Work& work, const mirror::PullToRead& pull, Part& part) {
  const auto& scan = work.task.scan.value();
  const auto id = work.repository.github_id.value();
  const bool is_known =
      pull.head_sha == pull.files_head_sha && pull.base_sha == pull.files_base_sha;
  mirror::FilesRead files{pull.id, pull.head_sha, pull.base_sha, clock().now()};
  auto next = std::optional(pull_address(id, pull.number) +
                            "/files?per_page=" + std::to_string(page_size_max));
  part.next_page = static_cast<int>(pull.number);
  ++part.pages;
  if (is_known) {
    pg::Transaction transaction(work.connection());
    work.fence();
    move(work, part, 0);
    transaction.commit();
    return;
  }
  for (int read = 0; next;) {
    work.attempt.check();
    const auto answer = work.api.get(work.connection(), *next);
    records::Records records;
    for (const auto& file : github::parse_document(answer.body).items())
      records::process_pull_request_file(file, {pull.id, read++}, origin_of(answer, id), records);
    files.are_truncated = read >= files_max;
    next = files.are_truncated ? std::nullopt : answer.next;
    base::fault_point("before_mirror_write");
    pg::Transaction transaction(work.connection());
    work.fence();
    mirror::apply(
        work.connection(), records,
        {records::Via::api, answer.sent_at, answer.date, records::Relation::pull_request_file}, {});
    mirror::PageCounts counts;
    counts.requests = 1;
    mirror::add_counts(work.connection(), scan, counts);
    if (!next) {
      mirror::note_files(work.connection(), files, {});
      move(work, part, pull.number == asked_number_ ? 0 : 1);
    }
    mirror::tell_observers(work.connection(), work.observers);
    base::fault_point("before_mirror_commit");
    transaction.commit();
  }
}

void PartHandler::move(Work& work, const Part& part, int items) {
  mirror::move_part(work.connection(), work.task.scan.value(), part, items);
  queue::advance(work.connection(), work.attempt.lease);
  has_moved_ = true;
}

void PartHandler::end_within(Work& work, const Part& part) {
  const auto& scan = work.task.scan.value();
  if (mirror::end_part(work.connection(), scan, part.slot))
    close_scan(work.connection(), scan, config().mirror.files,
               {work.task.source, work.task.priority, {}, {}});
  queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
}

void PartHandler::end(Work& work, const Part& part) {
  pg::Transaction transaction(work.connection());
  work.fence();
  end_within(work, part);
  base::fault_point("before_mirror_commit");
  transaction.commit();
  queue::wake_workers(work.connection());
}

queue::Kind part_operation_kind(const mirror::RowObservers& observers) {
  return github_kind<PartHandler>(
      mirror::part_kind, {"mirror_parts", "records of parts of lists mirrored"}, observers);
}

}  // namespace devy::scan
