#pragma once
// Looks through HTML for what makes gumbo quadratic, in one linear pass before it, so that such a
// file has a precise error at once: 512 KiB of unclosed tags would take it minutes. Not a parser:
// limits far above any real post; what slips through meets the child's limits. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace devy::markdown {

// Elements whose end tags are still to come; every tag makes gumbo look at all of them.
inline constexpr std::size_t open_elements_max = 2'000;
// gumbo compares each attribute of a tag with all before it.
inline constexpr std::size_t tag_attributes_max = 500;

// Why `html` is not to be parsed; empty when it may be.
[[nodiscard]] std::string problem_before_parsing(std::string_view html);

}  // namespace devy::markdown
