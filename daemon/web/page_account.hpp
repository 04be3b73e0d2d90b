#pragma once
// `/account`: who one is, what one may, where one is logged in.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_account(Visit& visit);
// POST /account: act=logout, act=end_others, or session=<id> to end one.
[[nodiscard]] http::Response act_on_account(Visit& visit);

}  // namespace devy::daemon
