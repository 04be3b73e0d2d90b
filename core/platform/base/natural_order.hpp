#pragma once
// The order in which people count: "2" before "10".
// Pure; any thread.

#include <compare>
#include <string_view>

namespace devy::base {

// Compares runs of ASCII digits by their value, everything else byte by byte. Texts that differ
// only in leading zeros are not equal: the shorter run comes first.
[[nodiscard]] std::strong_ordering natural_order(std::string_view left, std::string_view right);

}  // namespace devy::base
