#pragma once
// `/login…`: how somebody gets a session. By an address that `devy-upload web link` has made, which
// is good once; by GitHub where the configuration has an App.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_login(Visit& visit);
// GET /login/link/<token>
[[nodiscard]] http::Response log_in_by_link(Visit& visit);
// POST /logout
[[nodiscard]] http::Response log_out(Visit& visit);

}  // namespace devy::daemon
