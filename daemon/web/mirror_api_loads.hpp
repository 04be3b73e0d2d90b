#pragma once
// The routes that load (mirror.md, section 8): the original's, /tasks/status, and ours below
// /v1/mirror/loads. The handlers belong to the thread that calls them.

#include <vector>

#include "daemon/web/mirror_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<MirrorRoute> mirror_load_routes();

}  // namespace devy::daemon
