#pragma once
// A text that may be absent, from one that is empty then: a column is null, a field of JSON too.
// Pure; any thread.

#include <optional>
#include <string>

namespace devy::base {

[[nodiscard]] inline std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace devy::base
