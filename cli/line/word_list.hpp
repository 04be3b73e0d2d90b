#pragma once
// Joins several words into one line. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace devy::cli {

[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);

}  // namespace devy::cli
