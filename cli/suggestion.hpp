#pragma once
// "Did you mean": the nearest of some known words. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::cli {

// Nothing when none is near enough to be a slip of the fingers.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view word,
                                                      const std::vector<std::string>& known);

}  // namespace devy::cli
