#include "core/files/cleanup/cleanup_handler.hpp"

#include <algorithm>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::cleanup {
namespace {

// An upload of the same bytes waits as long as such a transaction lasts.
constexpr int contents_max = 100;
// The age of received bytes from which on they are taken for those of a killed process.
constexpr std::chrono::hours staging_age{1};

void count_deleted(const char* reason, std::int64_t count) {
  if (count == 0) return;
  base::count(std::string("file_deleted.") + reason, count);
  base::log::info("files cleaned up", {{"reason", reason}, {"count", count}});
}

}  // namespace

std::optional<queue::AttemptResult> CleanupHandler::work(Work& work) {
  begin_step(work, "expire");
  if (!expire(work)) return end_of_turn();
  begin_step(work, "doom");
  if (!doom(work)) return end_of_turn();
  begin_step(work, "delete");
  if (!delete_contents(work)) return end_of_turn();
  begin_step(work, "orphans");
  if (auto held = doom_orphans(work)) return held;
  if (!delete_contents(work)) return end_of_turn();
  if (!has_s3()) return queue::AttemptResult{};
  if (auto held = clean_s3(work)) return held;
  if (!pass_on(work)) return end_of_turn();
  return queue::AttemptResult{};
}

queue::AttemptResult ask_about_orphans(std::uint64_t orphans, std::uint64_t contents) {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::held;
  result.error_code = "file_many_orphans";
  result.error_text = "unable to delete bytes without files: " + std::to_string(orphans) + " of " +
                      std::to_string(contents) + " contents would go";
  result.error_hint =
      "Is the database the one of this storage, and no older backup? `devy-upload approve` has "
      "them "
      "deleted, `cancel` keeps them; `file verify --all --repair` puts those of a disk aside.";
  return result;
}

bool CleanupHandler::repeat(Work& work, const char* reason, const Batch& batch) const {
  std::uint64_t done = 0;
  while (true) {
    if (is_turn_over(work)) return false;
    pg::Transaction transaction(work.connection());
    fence(work);
    const auto count = batch();
    base::fault_point("file_cleanup_marked");
    if (count > 0) queue::advance(work.connection(), work.attempt.lease);
    transaction.commit();
    count_deleted(reason, count);
    done += static_cast<std::uint64_t>(count);
    report(work, reason, done);
    if (count < rows_max) return true;
  }
}

bool CleanupHandler::expire(Work& work) const {
  auto& connection = work.connection();
  if (!repeat(work, "upload",
              [&] { return files::expire_uploads(connection, node(), rows_max); }) ||
      !repeat(work, "expired", [&] { return files::expire_files(connection, rows_max); }) ||
      !repeat(work, "token", [&] { return files::expire_tokens(connection, rows_max); }))
    return false;
  sweep_staging(work);
  return true;
}

bool CleanupHandler::doom(Work& work) const {
  auto& connection = work.connection();
  return repeat(work, "deleted",
                [&] {
                  return files::purge_files(connection, config().files.keep_deleted, rows_max);
                }) &&
         repeat(work, "doomed",
                [&] { return files::doom_contents(connection, node(), has_s3(), rows_max); });
}

bool CleanupHandler::delete_contents(Work& work) const {
  std::optional<base::Sha256> behind;
  std::uint64_t done = 0;
  while (true) {
    if (is_turn_over(work)) return false;
    const auto contents = files::doomed_contents(work.connection(), node(), behind, contents_max);
    if (contents.empty()) return true;
    delete_some(work, contents);
    done += contents.size();
    report(work, "delete", done);
    behind = contents.back();
  }
}

// In the order of the digests, as uploads lock them, too.
void CleanupHandler::delete_some(Work& work, const std::vector<base::Sha256>& contents) const {
  std::int64_t deleted = 0;
  pg::Transaction transaction(work.connection());
  fence(work);
  for (const auto& sha256 : contents) {
    if (!files::delete_content(work.connection(), sha256, node())) continue;
    base::fault_point("file_content_row_deleted");
    work.disk.remove(sha256);
    base::fault_point("file_content_unlinked");
    ++deleted;
  }
  if (deleted > 0) queue::advance(work.connection(), work.attempt.lease);
  base::fault_point("file_cleanup_before_commit");
  transaction.commit();
  base::fault_point("file_cleanup_committed");
  count_deleted("content", deleted);
}

void CleanupHandler::sweep_staging(Work& work) const {
  std::int64_t swept = 0;
  work.disk.list_staging([&](const std::string& name, bool is_held) {
    if (is_held) return;
    const auto id = files::FileId::parse(name);
    if (id && files::is_upload(work.connection(), *id)) return;
    if (work.disk.remove_staged(name, clock().now() - staging_age)) ++swept;
  });
  count_deleted("staging", swept);
}

std::optional<queue::AttemptResult> CleanupHandler::doom_orphans(Work& work) const {
  const auto found =
      find_orphans(work.connection(), work.disk, clock().now(), [&](std::uint64_t contents) {
        work.attempt.check();
        if (contents % rows_max == 0) report(work, "orphans", contents);
      });
  if (found.are_many() && !work.attempt.lease.is_approved)
    return ask_about_orphans(found.orphans.size(), found.contents);
  for (std::size_t from = 0; from < found.orphans.size(); from += rows_max) {
    work.attempt.check();
    const auto first = found.orphans.begin() + static_cast<std::ptrdiff_t>(from);
    const auto size = std::min<std::size_t>(rows_max, found.orphans.size() - from);
    pg::Transaction transaction(work.connection());
    fence(work);
    const auto count = files::doom_orphans(
        work.connection(), {first, first + static_cast<std::ptrdiff_t>(size)}, node());
    transaction.commit();
    count_deleted("orphan", count);
  }
  return std::nullopt;
}

queue::Kind cleanup_operation_kind() {
  return node_kind<CleanupHandler>(files::cleanup_kind,
                                   {"file_cleanups", "records of files' clean-ups"});
}

}  // namespace devy::cleanup
