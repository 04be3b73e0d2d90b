#pragma once
// `/login…`: how somebody gets a session. By an address that `devy-upload web link` has made, which
// is good once; by GitHub where the configuration has an App (page_login_github.cpp).

#include <optional>
#include <string_view>

#include "core/platform/web/github_login.hpp"
#include "core/platform/web/login/failure.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_login(Visit& visit);
// GET /login/link/<token>
[[nodiscard]] http::Response log_in_by_link(Visit& visit);
// GET /login/github?next=: sends the browser to GitHub. With for=hooks it asks for the right to
// install webhooks, for the session that there is (hook_token.hpp).
[[nodiscard]] http::Response begin_github_login(Visit& visit);
// GET /login/authorized?code&state: GitHub sends it back. Waits for GitHub, ten seconds a request.
[[nodiscard]] http::Response end_github_login(Visit& visit);
// POST /logout
[[nodiscard]] http::Response log_out(Visit& visit);

// ---- what the ways share

// The page of the login, saying why the last try came to nothing.
[[nodiscard]] http::Response login_page(const Visit& visit, int status,
                                        const std::optional<login::FailureText>& failed);
// Gives the browser its cookie, and leads it to a path of this site.
[[nodiscard]] http::Response enter(const Visit& visit, const web::Admission& admission,
                                   std::string_view next);
[[nodiscard]] web::Browser browser_of(const Visit& visit);
[[nodiscard]] web::SessionTimes session_times(const config::Web& web);

}  // namespace devy::daemon
