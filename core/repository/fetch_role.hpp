#pragma once
// The child's side of a fetch: the process that talks to the remote and indexes its pack, and that
// may be killed for it (see process/child.hpp). Its parent's side is fetch_process.hpp.

namespace devy::repository {

// Makes this program able to play the fetching child; main calls it once, before
// process::run_child_role().
void register_fetch_role();

}  // namespace devy::repository
