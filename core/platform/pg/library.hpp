#pragma once
// Returns the version of libpq that this program runs with, for `version`. Any thread; throws
// nothing.

#include <string>

namespace devy::pg {

[[nodiscard]] std::string library_version();  // "15.18"

}  // namespace devy::pg
