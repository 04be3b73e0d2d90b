#pragma once
// Interprets the keys of a front matter (content.md, "A post"). Private to this folder. Pure.

#include "core/publishing/post/front_matter.hpp"

namespace devy::post {

// Fills `result` from the root's members. Keys match in any case, with and without '-' and '_'; of
// several names with the same meaning, the first in content.md's order whose value can be used
// counts. A value that cannot be used is left out with a warning at its place.
void read_keys(const Value& root, const Timezone& zone, FrontMatter& result);

}  // namespace devy::post
