#pragma once
// The child's side of a fetch: the process that talks to the remote and indexes its pack, and that
// may be killed while it does so (see platform/process/child.hpp). The parent's side is
// fetch_process.hpp.

namespace devy::git {

// Registers the fetching child's role in this program; main calls it once, before
// process::run_child_role().
void register_fetch_role();

}  // namespace devy::git
