#pragma once
// Compares some rows of a repository with GitHub while nobody asks, notes what it finds, and has
// fetched what differs. Owned by the process that runs it; one thread.

#include "core/mirror/scan/handler.hpp"

namespace devy::verify {

class AuditHandler final : public scan::Handler {
 public:
  using Handler::Handler;

 private:
  std::optional<queue::AttemptResult> work(Work& work) override;
};

[[nodiscard]] queue::Kind audit_operation_kind(const mirror::RowObservers& observers);

// Records an audit of each repository that is due for one, in a transaction of its own, and wakes
// the runners. Returns how many. Throws what pg::Connection throws.
int record_audits(pg::Connection& connection, std::chrono::seconds every);

}  // namespace devy::verify
