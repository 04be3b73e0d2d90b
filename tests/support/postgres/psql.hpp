#pragma once
// psql as a function. Any thread.

#include <string>
#include <string_view>

namespace devy::testing {

// Runs `sql` on `conninfo` and returns what psql -XAt prints; stops at the first error and throws
// std::runtime_error with psql's message.
[[nodiscard]] std::string psql(const std::string& conninfo, std::string_view sql);

}  // namespace devy::testing
