#pragma once
// Hears of rows of the mirror that change otherwise than by sync's own events: a nested document, a
// reading for what changed, a load, a sweep, an audit. Each that says something else than the
// record's base brings an operation, source reconcile, in the transaction of the change: so that
// lost deliveries heal, and nothing hides behind an equal time. Constant; any thread.

#include <string>
#include <utility>
#include <vector>

#include "core/mirror/store/row_observer.hpp"

namespace devy::inbound {

class Observer final : public mirror::RowObserver {
 public:
  // For whoever brings a pair together himself: its row brings no operation.
  explicit Observer(std::string except_link = {}) : except_link_(std::move(except_link)) {}

  void observe(pg::Connection& connection,
               const std::vector<mirror::ChangedRow>& rows) const override;

 private:
  std::string except_link_;
};

}  // namespace devy::inbound
