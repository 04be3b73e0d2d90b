#pragma once
// `/assets/<digest>/<name>` of the pages' own files, which never change under their address.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_asset(Visit& visit);
[[nodiscard]] http::Response show_health(Visit& visit);

}  // namespace devy::daemon
