#pragma once
// The answers of GitHub's API, as JSON within limits. Their members are read with Value::if_…: one
// of another type than requested counts as absent. Pure; any thread.

#include <string_view>

#include "core/platform/json/reader.hpp"

namespace devy::github {

// Returns an object or an array. Throws Error(unavailable, "github_garbage") for anything else,
// such as a proxy's page or a truncated response; another try may succeed.
[[nodiscard]] json::Value parse_document(std::string_view text);
// Throws the same error for a document that does not say what was asked: "it is no list".
[[noreturn]] void throw_garbage(const char* cause);

}  // namespace devy::github
