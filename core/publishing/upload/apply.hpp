#pragma once
// Publishes: one fenced transaction writes the planned posts, moves the head, and completes the
// upload. Either all of it happens or none.

#include "core/platform/base/random.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/store/publish_target.hpp"
#include "core/publishing/upload/dating.hpp"
#include "core/publishing/upload/linking.hpp"
#include "core/publishing/upload/rendering.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {

// Throws Error(conflict, "lease_lost") or Error(stopped, "cancel_requested") with nothing changed,
// and Error(unavailable, "commit_unknown") when only the database knows the outcome. `known` are
// the posts as they are now.
void apply(const config::Config& config, base::Random& random, queue::Attempt& attempt,
           const publishing::PublishTarget& target, const Tree& tree, const Rendering& rendering,
           const plan::PublishPlan& plan, const Linking& linking, const Dating& dating,
           const std::vector<plan::KnownPost>& known);

}  // namespace devy::upload
