#pragma once
// What must hold for the HTML of every post, whatever its Markdown was, checked by a small strict
// parser with lists of its own: neither gumbo nor any of the product's code says what is right.
// It takes only the form that the sanitiser writes, so all that a browser could read differently
// is a problem too. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::testing {

// Empty when `html` is well-formed and holds nothing but listed elements, attributes, classes and
// URL schemes, ids with GitHub's prefix, and text without control characters; else what is wrong.
[[nodiscard]] std::string problem_in_html(std::string_view html);

}  // namespace devy::testing
