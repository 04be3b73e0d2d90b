#pragma once
// Reads a page as a browser does, by gumbo, which has no part in making it, and says what is in it
// that no page of ours has: elements, attributes, and addresses that are neither ours nor https.
// Pure; any thread.

#include <string>
#include <vector>

namespace devy::testing {

// Names each once, as "<script> without src" or "href=javascript:alert(1)".
[[nodiscard]] std::vector<std::string> foreign_in(const std::string& page);

}  // namespace devy::testing
