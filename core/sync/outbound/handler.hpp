#pragma once
// An outbound operation of a record (sync.md, section 5): it looks at what GitHub says, intends,
// sends what is owed, and records the answer; no transaction waits for GitHub. Within the limits
// that all daemons share; what must wait is given back, and its owner's gate closed. Owned by a
// runner's process; one thread.

#include <memory>
#include <optional>

#include "core/mirror/store/row_observer.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/sync/store/inbound_store.hpp"

namespace devy::outbound {

class Handler final {
 public:
  // Borrows what the context borrows, and the observers, which are told of the mirror's rows that
  // answers change. Credentials are read by the first operation, since workers have none.
  Handler(const queue::HandlerContext& context, const mirror::RowObservers& observers)
      : context_(context), observers_(observers) {}

  // `reason`: of the attempt's operation. Throws Error(config) for a credential or a key that
  // cannot be used, and what pg::Connection throws.
  std::optional<queue::AttemptResult> run(queue::Attempt& attempt, const sync::Reason& reason);

 private:
  const queue::HandlerContext context_;
  const mirror::RowObservers& observers_;
  std::unique_ptr<github::Access> access_;
};

}  // namespace devy::outbound
