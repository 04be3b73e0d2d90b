#pragma once
// Publishing a blog again from the start, here and now, for `verify --repair`.

#include "cli/context.hpp"
#include "core/store/blog_store.hpp"

namespace devy::cli {

// Runs what upload::record_repair() records. Throws Error(conflict) also when the upload does not
// complete.
void repair(Context& context, const store::Blog& blog);

}  // namespace devy::cli
