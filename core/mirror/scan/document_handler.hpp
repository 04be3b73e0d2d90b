#pragma once
// Applies what a delivery says of one thing to its row. Work of the workers: nothing is asked of
// GitHub. Owned by the process that runs it; one thread.

#include "core/mirror/store/operation_store.hpp"
#include "core/mirror/store/row_observer.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::scan {

class DocumentHandler final : public queue::Handler {
 public:
  // Borrows what the context borrows, and the observers.
  DocumentHandler(const queue::HandlerContext& context, const mirror::RowObservers& observers)
      : config_(context.config), observers_(observers) {}

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  // The body is not there any more: GitHub is asked instead.
  void ask_instead(queue::Attempt& attempt, const mirror::Task& task);

  const config::Config& config_;
  const mirror::RowObservers& observers_;
};

[[nodiscard]] queue::Kind document_operation_kind(const mirror::RowObservers& observers);

}  // namespace devy::scan
