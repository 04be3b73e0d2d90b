#pragma once
// What sanitise() promises for any HTML, as one question: for the tests of hostile text and for the
// fuzzer alike. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "core/publishing/post/document.hpp"

namespace devy::testing {

// Empty when `html` keeps html_inspector.hpp's rules, each link has its place, and with every place
// filled the sanitiser changes nothing any more; else what is wrong.
[[nodiscard]] std::string problem_in_sanitised(const std::string& html,
                                               const std::vector<markdown::FileLink>& links);

// The same for what sanitise() makes of `html`, which must not depend on who reads it.
[[nodiscard]] std::string problem_in_sanitising(std::string_view html);

}  // namespace devy::testing
