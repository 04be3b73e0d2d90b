#pragma once
// Maps an SQLSTATE to an error that tells the caller what to do, in one table. Internal to core/pg.

#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"

struct pg_result;

namespace devy::pg {

[[nodiscard]] base::Error sql_error(const char* statement, const pg_result* result);
// For a session that could not be opened; `message` is the message of libpq.
[[nodiscard]] base::Error connect_error(const std::string& message);
[[nodiscard]] std::string first_line(std::string_view text);

}  // namespace devy::pg
