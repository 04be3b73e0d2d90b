#include "core/mirror/store/row_observer.hpp"

namespace devy::mirror {
namespace {

// Rows in memory at a time. A page changes a few hundred.
constexpr int rows_at_once = 1'000;

constexpr pg::Statement select_new_changes{"mirror_changes_new", R"sql(
  select o_relation, o_id, o_repository_id, o_action, o_columns
  from mirror_changes_new($1::integer))sql",
                                           true};

}  // namespace

void tell_observers(pg::Connection& connection, const RowObservers& observers) {
  if (observers.empty()) return;
  std::vector<ChangedRow> rows;
  do {
    rows.clear();
    for (const auto row : connection.query(select_new_changes, pg::Params(rows_at_once)))
      rows.push_back({row.text("o_relation"), row.integer("o_id"),
                      row.maybe_integer("o_repository_id"), row.text("o_action"),
                      row.texts("o_columns")});
    if (rows.empty()) return;
    for (const auto* observer : observers)
      observer->observe(connection, rows);
  } while (rows.size() == rows_at_once);
}

}  // namespace devy::mirror
