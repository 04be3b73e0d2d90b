#pragma once
// What the keys of a front matter mean (content.md, "A post"). Private to this folder. Pure.

#include <optional>

#include "core/markdown/front_matter.hpp"

namespace devy::markdown {

// Fills `result` from the root's members. Keys match in any case; of two names for one thing the
// first in content.md's order counts. A value of the wrong type is the problem given back.
[[nodiscard]] std::optional<FrontMatterProblem> read_keys(const Value& root, const Timezone& zone,
                                                          FrontMatter& result);

}  // namespace devy::markdown
