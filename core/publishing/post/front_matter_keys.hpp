#pragma once
// Interprets the keys of a front matter (content.md, "A post"). Private to this folder. Pure.

#include <optional>

#include "core/publishing/post/front_matter.hpp"

namespace devy::post {

// Fills `result` from the root's members. Keys match in any case; of two names with the same
// meaning, the first in content.md's order is used. A value of the wrong type is returned as the
// problem.
[[nodiscard]] std::optional<FrontMatterProblem> read_keys(const Value& root, const Timezone& zone,
                                                          FrontMatter& result);

}  // namespace devy::post
