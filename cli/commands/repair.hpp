#pragma once
// Publishing a blog again from the start, here and now, for `verify --repair`.

#include "cli/context.hpp"
#include "core/store/blog_store.hpp"

namespace devy::cli {

// Replays the blog's last completed upload without anything it remembers: a replay looks at every
// file, even where the remote has not moved. A blog that has none gets a new upload. Throws
// Error(conflict) when something newer is under way, or the upload does not complete.
void repair(Context& context, const store::Blog& blog);

}  // namespace devy::cli
