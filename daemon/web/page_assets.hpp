#pragma once
// Routes that need neither a session nor the database, and are there when that is away: the pages'
// own files at `/assets/<digest>/<name>`, and `/healthz`. Any thread.

#include <vector>

#include "core/platform/http/server/server.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<server::Route> asset_routes();

}  // namespace devy::daemon
