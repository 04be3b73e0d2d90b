#pragma once
// `/blogs/connect`: a user connects a repository that he administers at GitHub, and
// `/blogs/<username>/<slug>/disconnect` (web.md, "Pages").

#include "daemon/web/page.hpp"

namespace devy::daemon {

// A form, or what has to come before it: GitHub is asked for the right to install webhooks.
[[nodiscard]] http::Response ask_to_connect(Visit& visit);
// POST. Asks GitHub who the repository is, in the threads that may wait. What does not work is said
// above the form, which keeps what was typed: 422.
[[nodiscard]] http::Response connect_repository(Visit& visit);

[[nodiscard]] http::Response ask_to_disconnect(Visit& visit);
[[nodiscard]] http::Response disconnect_repository(Visit& visit);

}  // namespace devy::daemon
