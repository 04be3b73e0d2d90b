#pragma once
// Numbers and lists in messages for people. Pure; any thread.

#include <cstddef>
#include <string>
#include <vector>

namespace devy::base {

// "1 post", "2 posts".
[[nodiscard]] std::string count_text(std::size_t count, const std::string& noun);

// The first few of them, and how many more there are.
[[nodiscard]] std::string first_of(const std::vector<std::string>& all);

}  // namespace devy::base
