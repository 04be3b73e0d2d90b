#pragma once
// Hears of rows of the mirror that change otherwise than by sync's own events: a nested document, a
// reading for what changed, a load, a sweep, an audit. Each that says something else than the
// record's base brings an operation, source reconcile, in the transaction of the change: so that
// lost deliveries heal, and nothing hides behind an equal time. Holds no state; any thread.

#include "core/mirror/store/row_observer.hpp"

namespace devy::inbound {

class Observer final : public mirror::RowObserver {
 public:
  void observe(pg::Connection& connection,
               const std::vector<mirror::ChangedRow>& rows) const override;
};

}  // namespace devy::inbound
