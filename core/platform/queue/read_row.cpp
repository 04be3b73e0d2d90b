#include "core/platform/queue/read_row.hpp"

#include "core/platform/base/error.hpp"

namespace devy::queue {

OperationId read_id(const pg::Row& row, const char* column) {
  return OperationId::trusted(row.text(column));
}

std::optional<OperationId> read_maybe_id(const pg::Row& row, const char* column) {
  if (row.is_null(column)) return std::nullopt;
  return read_id(row, column);
}

State read_state(const pg::Row& row, const char* column) {
  const auto text = row.view(column);
  if (const auto state = parse_state(text)) return *state;
  throw base::Error(base::ErrorKind::internal,
                    "unable to read a state: '" + std::string(text) + "' is unknown",
                    "A newer version may have written it; update this program.");
}

}  // namespace devy::queue
