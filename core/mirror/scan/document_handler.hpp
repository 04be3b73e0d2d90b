#pragma once
// Applies what a delivery says of one thing to its row. Work of the workers: nothing is asked of
// GitHub. Owned by the process that runs it; one thread.

#include "core/mirror/store/operation_store.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::scan {

class DocumentHandler final : public queue::Handler {
 public:
  // Borrows what the context borrows.
  explicit DocumentHandler(const queue::HandlerContext& context) : config_(context.config) {}

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  // The body is not there any more: GitHub is asked instead.
  void ask_instead(queue::Attempt& attempt, const mirror::Task& task);

  const config::Config& config_;
};

[[nodiscard]] queue::Kind document_operation_kind();

}  // namespace devy::scan
