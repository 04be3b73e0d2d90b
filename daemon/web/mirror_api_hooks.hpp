#pragma once
// The routes that switch our webhook of a repository: PUT and DELETE
// /v1/mirror/repositories/:o/:r/hook, and the original's POST /install and /uninstall with the
// fields owner and repo (mirror.md, section 8). Whoever administers the repository at GitHub may,
// with his own token: a runner does it in his name, and the answer waits for that as an inline load
// does. The handlers belong to the thread that calls them.

#include <vector>

#include "daemon/web/mirror_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<MirrorRoute> mirror_hook_routes();

}  // namespace devy::daemon
