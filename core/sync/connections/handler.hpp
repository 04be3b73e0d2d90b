#pragma once
// Brings a connection from its beginning to where both sides are kept equal (sync.md, section 7):
// the handler of operations connection_sync. Every attempt does what the connection's state asks
// for, step by step, each in transactions of its own; a kill costs one batch. What GitHub has to be
// asked, the mirror asks: meanwhile the operation is given back.
//
// Owned by the process that runs it; one thread.

#include <memory>
#include <optional>

#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/sync/store/step_store.hpp"

namespace devy::connections {

// Pairs that are merged in one transaction, and records whose syncing is switched in one.
inline constexpr int batch_rows_max = 200;
inline constexpr int switched_max = 500;
// The operation is given back for so long while the mirror works.
inline constexpr std::chrono::milliseconds mirror_pause{500};

class Handler final : public queue::Handler {
 public:
  // Borrows the context's parts.
  explicit Handler(const queue::HandlerContext& context) : context_(context) {}

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) override;

 private:
  const queue::HandlerContext context_;
};

// The kind for the table of systems; lane `work`.
[[nodiscard]] queue::Kind operation_kind();

}  // namespace devy::connections
