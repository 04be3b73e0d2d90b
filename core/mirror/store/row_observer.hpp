#pragma once
// Whoever must know at once which rows of the mirror changed: another system, which writes rows of
// its own in the same transaction. core/systems_table.cpp names the observers; the mirror knows
// none.
//
// Constant objects that outlive the handlers; called from the threads that run operations, several
// at a time. Where there are none, nothing is asked of the database.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// As the change feed has it (core/mirror/feed.sql).
struct ChangedRow {
  std::string relation;
  std::int64_t id = 0;
  std::optional<std::int64_t> repository_id;
  std::string action;  // insert, update, delete, restore
  std::vector<std::string> columns;
};

class RowObserver {
 public:
  virtual ~RowObserver() = default;
  // Called within the transaction that changed the rows, behind the change and before the
  // operation ends: what it writes is committed with them, and what it throws rolls them back. It
  // may lock rows of its own system, and then resources, but no rows of the mirror.
  virtual void observe(pg::Connection& connection, const std::vector<ChangedRow>& rows) const = 0;
};
// In the order in which they are called.
using RowObservers = std::vector<const RowObserver*>;

// Gives the observers what changed in this transaction since it was last called in it. Throws what
// they throw.
void tell_observers(pg::Connection& connection, const RowObservers& observers);

}  // namespace devy::mirror
