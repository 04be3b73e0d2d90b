#pragma once
// `/assets/<digest>/<name>` of the pages' own files, which never change under their address.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_asset(Visit& visit);
[[nodiscard]] http::Response show_health(Visit& visit);
// Throws Error(not_found): the page of everything that is none.
[[nodiscard]] http::Response show_nothing(Visit& visit);

}  // namespace devy::daemon
