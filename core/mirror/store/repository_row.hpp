#pragma once
// A row of github.repository as it is read. For the statements of this folder.

#include "core/mirror/store/repository_store.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

// The row has all columns of the table.
[[nodiscard]] Repository read_repository(const pg::Row& row);

}  // namespace devy::mirror
