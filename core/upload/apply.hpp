#pragma once
// The publish itself: one fenced transaction in which the posts become the plan, the head moves,
// and the upload is completed. All of it or none.

#include "core/base/random.hpp"
#include "core/config/config.hpp"
#include "core/publish/plan.hpp"
#include "core/queue/runner.hpp"
#include "core/store/publish_store.hpp"
#include "core/upload/linking.hpp"
#include "core/upload/rendering.hpp"
#include "core/upload/tree.hpp"

namespace devy::upload {

// Throws Error(conflict, "lease_lost"), Error(stopped, "cancel_requested") with nothing changed,
// and Error(unavailable, "commit_unknown") when only the database knows.
void apply(const config::Config& config, base::Random& random, queue::Attempt& attempt,
           const store::PublishTarget& target, const Tree& tree, const Rendering& rendering,
           const publish::PublishPlan& plan, const Linking& linking);

}  // namespace devy::upload
