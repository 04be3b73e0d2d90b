#pragma once
// Publishes a blog again from the start in this process, for `verify --repair`.

#include "cli/context.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::cli {

// Runs what reconcile::record_repair() records. Throws Error(conflict) also when the upload does
// not complete.
void repair(Context& context, const publishing::Blog& blog);

}  // namespace devy::cli
