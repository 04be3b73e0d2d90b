#pragma once
// Returns the version of cmark-gfm that this program runs with, for `version`. Any thread; throws
// nothing.

#include <string>

namespace devy::markdown {

[[nodiscard]] std::string library_version();  // "0.29.0.gfm.6"

}  // namespace devy::markdown
