#pragma once
// Begins a scan of a list: reads its first page, which shows how long it is, and records an
// operation for each part of the rest. Owned by the process that runs it; one thread.

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/page.hpp"

namespace devy::scan {

class ScanHandler final : public Handler {
 public:
  using Handler::Handler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
  // The parts of a scan that was begun before: a replay goes on with those that are open.
  [[nodiscard]] bool resume(Work& work, const List& list);
  void begin(Work& work, const List& list, const Page& page,
             const std::vector<mirror::Part>& parts);
  void begin_by_row(Work& work, const List& list);
};

// How the rest of a list behind its first page is divided among at most `parts_max` parts. Pure.
[[nodiscard]] std::vector<mirror::Part> divide(const List& list, const Page& first, int parts_max);

[[nodiscard]] queue::Kind scan_operation_kind(const mirror::RowObservers& observers);

}  // namespace devy::scan
