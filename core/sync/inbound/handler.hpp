#pragma once
// An inbound operation of a record: applies the delivery that brought it to the mirror's rows, and
// brings the record together with what the row says then (core/sync/merging). Nothing is asked of
// GitHub. Owned by the process that runs it; one thread.

#include <optional>

#include "core/platform/config/config.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/sync/merging/merging.hpp"
#include "core/sync/store/inbound_store.hpp"

namespace devy::inbound {

class Handler final {
 public:
  // Borrows the configuration.
  explicit Handler(const config::Config& config) : config_(config) {}

  // `reason`: of the attempt's operation.
  std::optional<queue::AttemptResult> run(queue::Attempt& attempt, const sync::Reason& reason);

 private:
  [[nodiscard]] merging::Result merge(pg::Connection& connection, const std::string& link,
                                      const merging::Merging& merging) const;

  const config::Config& config_;
};

}  // namespace devy::inbound
