#pragma once
// A SHA-256 as a column and as a parameter: bytea, in binary form both ways. Pure; any thread.
// Throws Error(internal) for a column that holds something else.

#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/result.hpp"
#include "core/platform/pg/statement.hpp"

namespace devy::publishing {

// Reads the column `sha256` of a statement that is_binary.
[[nodiscard]] base::Sha256 sha256_of(const pg::Row& row);
// Borrows the digest.
[[nodiscard]] pg::Bytes bytes_of(const base::Sha256& sha256);

}  // namespace devy::publishing
