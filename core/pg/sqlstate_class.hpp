#pragma once
// The class of SQLSTATEs that an Error about the database stands for, for metrics. Pure; any
// thread.

#include <string_view>

namespace devy::pg {

// "08", "40", "53", …, of an Error's code; empty when it is not about the database.
[[nodiscard]] std::string_view sqlstate_class(std::string_view error_code);

}  // namespace devy::pg
