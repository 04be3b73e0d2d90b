#pragma once
// Fetches one thing from GitHub into the mirror: a repository, an issue, a label …; and for a
// repository records the scans of its lists. Owned by the process that runs it; one thread.

#include "core/mirror/scan/handler.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/mirror/store/sweep_store.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::scan {

class FetchHandler final : public Handler {
 public:
  using Handler::Handler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
  void fetch_known(Work& work, const List& list, const mirror::Unseen& row);
  void end_repository(Work& work, base::TimePoint asked_at);
  void apply_repository(Work& work, const github::Answer& answer, const json::Value& document);
};

[[nodiscard]] queue::Kind fetch_operation_kind(const mirror::RowObservers& observers);

}  // namespace devy::scan
