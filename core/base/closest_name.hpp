#pragma once
// The "did you mean" of unknown names: commands, options, keys of configuration files. Pure; any
// thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace devy::base {

// The known name with the fewest edits (letters' case aside; a swap of neighbours counts as one) if
// it is near enough for a slip of the fingers: one edit in names up to four letters, two up to
// eight, three beyond. A name of three letters or more that begins a known one is one edit from it.
[[nodiscard]] std::optional<std::string_view> closest_name(std::string_view name,
                                                           std::span<const std::string_view> known);
[[nodiscard]] std::optional<std::string_view> closest_name(std::string_view name,
                                                           std::span<const std::string> known);

}  // namespace devy::base
