#pragma once
// The warnings of a publish, in the one order in which `check`, `diff` and the stored upload have
// them. Pure; any thread.

#include <vector>

#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/plan/redirects.hpp"
#include "core/publishing/upload/dating.hpp"
#include "core/publishing/upload/linking.hpp"
#include "core/publishing/upload/rendering.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {

[[nodiscard]] std::vector<snapshot::FileError> all_warnings(
    const Tree& tree, const Rendering& rendering, const plan::PublishPlan& plan,
    const Linking& linking, const plan::Redirects& redirects, const Dating& dating);

}  // namespace devy::upload
