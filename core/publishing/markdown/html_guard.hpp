#pragma once
// Searches HTML for input that makes gumbo quadratic, in one linear pass before parsing, so that
// such a file gets a precise error at once: 512 KiB of unclosed tags would take gumbo minutes. It
// is not a parser: its limits are far above any real post, and what it misses is stopped by the
// child's limits. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace devy::markdown {

// Limit for elements that are open at once, because gumbo searches all of them for every tag.
inline constexpr std::size_t open_elements_max = 2'000;
// Limit for a tag's attributes, because gumbo compares each with all before it.
inline constexpr std::size_t tag_attributes_max = 500;

// Returns why `html` must not be parsed; empty when it may be.
[[nodiscard]] std::string problem_before_parsing(std::string_view html);

}  // namespace devy::markdown
