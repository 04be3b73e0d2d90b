#pragma once
// Asks GitHub about each row that a whole reading of a list did not meet, and ends those that are
// gone: nothing vanishes without proof. Reads pull requests that have no row yet, too. Of many rows
// a person is asked first. Owned by the process that runs it; one thread.

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/sweep_store.hpp"

namespace devy::scan {

class SweepHandler final : public Handler {
 public:
  using Handler::Handler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
  [[nodiscard]] std::optional<queue::AttemptResult> hold(Work& work,
                                                         const mirror::Candidates& candidates);
  // False when none is left.
  [[nodiscard]] bool judge_next(Work& work, const List& list, std::int64_t& after_id);
  [[nodiscard]] bool read_missing(Work& work, const List& list, std::int64_t& after_number);
  void complete(Work& work);

  std::optional<mirror::Scan> scan_;  // of the attempt
};

[[nodiscard]] queue::Kind sweep_operation_kind(const mirror::RowObservers& observers);

}  // namespace devy::scan
