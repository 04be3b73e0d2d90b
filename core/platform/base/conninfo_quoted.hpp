#pragma once
// Quotes a value for a libpq conninfo string. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::base {

[[nodiscard]] std::string conninfo_quoted(std::string_view value);

}  // namespace devy::base
