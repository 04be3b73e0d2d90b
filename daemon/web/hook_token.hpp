#pragma once
// The token of GitHub with which a user switches webhooks of repositories of his own. His session
// has it, sealed under web.key_file, from the login that asked for it until the session ends
// (web.md, "Who"): GET /login/github?for=hooks&next=/own/path, which checks what GitHub granted.
// One thread; nothing here asks GitHub.
//
// A page that needs it calls hook_token(). Without one it says hook_token_obstacle() where that
// says something, and leads to hook_login_url() otherwise: by a link or a redirect, never by a
// form. Where GitHub refuses the token (401), the way is the same: a new one takes its place.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/secret.hpp"
#include "core/platform/web/html/url.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// Asked of an OAuth App; a GitHub App's tokens have no scopes, and may do what the App may.
inline constexpr std::string_view hook_scope = "admin:repo_hook";

// The visitor's. Nothing: his session has none, or the key file is another one by now.
[[nodiscard]] std::optional<base::Secret> hook_token(const Visit& visit);
// The session's of that id.
[[nodiscard]] std::optional<base::Secret> hook_token(pg::Connection& connection,
                                                     const config::Web& web,
                                                     const std::string& session_id);
// Why none can be asked for, as a sentence that names what an operator has to set; empty: it can.
[[nodiscard]] std::string hook_token_obstacle(const config::Web& web);
// Asks GitHub, and leads to a path of this site afterwards.
[[nodiscard]] html::Url hook_login_url(const std::string& next);

}  // namespace devy::daemon
