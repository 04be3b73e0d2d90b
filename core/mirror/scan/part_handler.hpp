#pragma once
// Reads a part of a list, page after page. Each page is a transaction of its own, with the place in
// the list: what is killed asks for one page again. Owned by the process that runs it; one thread.

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/page.hpp"
#include "core/mirror/store/pull_store.hpp"

namespace devy::scan {

class PartHandler final : public Handler {
 public:
  using Handler::Handler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
  [[nodiscard]] bool read_next(Work& work, const List& list, mirror::Part& part);
  // Reads what the next pull request lacks, first its details and then its files; false when none
  // is left.
  [[nodiscard]] bool read_pull(Work& work, mirror::Part& part);
  void read_details(Work& work, const mirror::PullToRead& pull, mirror::Part& part);
  void read_files(Work& work, const mirror::PullToRead& pull, mirror::Part& part);
  // Keeps the place that the part has reached, within the caller's transaction.
  void move(Work& work, const mirror::Part& part, int items);
  // Ends the part, and with the last one the scan; within the caller's transaction, or in its own.
  void end_within(Work& work, const mirror::Part& part);
  void end(Work& work, const mirror::Part& part);

  // The pull request that was asked for last. Its row may still be newer than its details: it is
  // not asked for twice.
  std::int64_t asked_number_ = 0;
  // This attempt has moved the part's place, so tries that came before do not count any more.
  bool has_moved_ = false;
};

[[nodiscard]] queue::Kind part_operation_kind(const mirror::RowObservers& observers);

}  // namespace devy::scan
