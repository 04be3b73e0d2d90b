#pragma once
// The routes that read what is mirrored: which repositories, and what changed (mirror.md, section
// 9). Each caller gets what he may read. The handlers belong to the thread that calls them.

#include <vector>

#include "daemon/web/mirror_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<MirrorRoute> mirror_list_routes();

}  // namespace devy::daemon
