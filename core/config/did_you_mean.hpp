#pragma once
// The known word that a misspelt one was probably meant to be. Pure; any thread.

#include <optional>
#include <span>
#include <string_view>

namespace devy::config {

// The nearest candidate by edits (a swap of neighbours counts as one), if it is near enough for its
// length: one edit in words up to four letters, two up to eight, three beyond.
[[nodiscard]] std::optional<std::string_view> did_you_mean(
    std::string_view word, std::span<const std::string_view> candidates);

}  // namespace devy::config
