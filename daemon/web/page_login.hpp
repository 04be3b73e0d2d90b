#pragma once
// `/login…`: how somebody gets a session. By an address that `devy-upload web link` has made, which
// is good once; by GitHub where the configuration has an App.

#include <string_view>

#include "core/platform/web/session_store.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_login(Visit& visit);
// GET /login/link/<token>
[[nodiscard]] http::Response log_in_by_link(Visit& visit);
// Begins a session in this browser, and leads it to `next`, a path of this site.
[[nodiscard]] http::Response begin_session(Visit& visit, const base::AccountId& account,
                                           web::LoginMethod method, std::string_view next);
// POST /logout
[[nodiscard]] http::Response log_out(Visit& visit);

}  // namespace devy::daemon
