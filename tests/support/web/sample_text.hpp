#pragma once
// Invented data for each name that templates have. Any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace devy::testing {

// The text for the name at the `number`th repetition; its own words where nothing was invented.
[[nodiscard]] std::string sample_text(std::string_view file, std::string_view name,
                                      std::size_t number);

}  // namespace devy::testing
