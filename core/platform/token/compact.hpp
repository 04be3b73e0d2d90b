#pragma once
// Parses the JSON of a compact token strictly: whatever two parsers could read differently is
// refused. Private to this folder. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/json/reader.hpp"

namespace devy::token {

// A JSON object; what another JSON parser could read differently is refused (json/reader.hpp).
// Returns nothing for anything else.
[[nodiscard]] std::optional<json::Value> parse_object(std::string_view text);

}  // namespace devy::token
