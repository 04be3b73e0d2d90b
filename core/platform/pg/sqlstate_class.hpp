#pragma once
// The class of SQLSTATEs that an Error about the database belongs to, for metrics. Pure; any
// thread.

#include <string_view>

namespace devy::pg {

// Returns "08", "40", "53", … for an Error's code; empty when the error is not about the database.
[[nodiscard]] std::string_view sqlstate_class(std::string_view error_code);

}  // namespace devy::pg
