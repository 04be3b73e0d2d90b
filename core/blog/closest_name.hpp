#pragma once
// The "did you mean" of unknown names. Pure; any thread.

#include <span>
#include <string_view>

namespace devy::blog {

// The known name with the fewest edits (Levenshtein, letters' case aside) from `name`; empty when
// that would be more than a third of it.
[[nodiscard]] std::string_view closest_name(std::string_view name,
                                            std::span<const std::string_view> known);

}  // namespace devy::blog
