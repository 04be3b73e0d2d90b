#pragma once
// Publishes what a blog shows once more, for `verify --repair`.

#include "cli/context.hpp"
#include "core/publishing/store/blog_store.hpp"

namespace devy::cli {

// Records what reconcile::record_repair() records and waits until it has ended, running it in this
// process unless a worker was faster. Returns its id. Throws Error(conflict) also when it does not
// complete, and with exit_timed_out when it could not begin in time: it then stays recorded.
base::UploadId repair(Context& context, const publishing::Blog& blog);

}  // namespace devy::cli
