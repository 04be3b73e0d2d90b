#pragma once
// Finds the "did you mean" for an unknown name: of a command, an option, a key of a configuration
// file. Pure; any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace devy::base {

// Returns the known name with the fewest edits (case is ignored; a swap of neighbours counts as
// one) when it is close enough for a typing error: one edit in names of up to four letters, two up
// to eight, three beyond. A name of three letters or more that begins a known one counts as one
// edit, and goes before others that are as near.
[[nodiscard]] std::optional<std::string_view> closest_name(std::string_view name,
                                                           std::span<const std::string_view> known);
[[nodiscard]] std::optional<std::string_view> closest_name(std::string_view name,
                                                           std::span<const std::string> known);

}  // namespace devy::base
