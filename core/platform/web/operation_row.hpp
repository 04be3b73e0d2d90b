#pragma once
// Reads the columns that lists and details of operations share. Pure.

#include "core/platform/pg/result.hpp"
#include "core/platform/web/operation_list.hpp"

namespace devy::web {

[[nodiscard]] OperationLine read_line(const pg::Row& row);

}  // namespace devy::web
