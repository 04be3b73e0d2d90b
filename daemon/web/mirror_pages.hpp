#pragma once
// `/mirror`: how fresh is each repository, and does GitHub tell of its changes? A user sees those
// that he administers at GitHub, as it has said within mirror.access_max_age, an operator also all
// that are mirrored. What is not his is 404. Acts that GitHub wants his own token for are done by a
// runner; each act stands in the audit, in its transaction.

#include "daemon/web/page.hpp"

namespace devy::daemon {

// GET /mirror?after=<owner/name>
[[nodiscard]] http::Response show_mirror(Visit& visit);
// POST /mirror: act=repositories; on=, off=, load= or hooks=<owner/name>
[[nodiscard]] http::Response act_on_mirror(Visit& visit);
// GET /mirror/<owner>/<name>
[[nodiscard]] http::Response show_mirrored(Visit& visit);
// GET /mirror/<owner>/<name>/load: how far its load is, for htmx.
[[nodiscard]] http::Response show_mirror_load(Visit& visit);
// POST /mirror/<owner>/<name>/load: act=stop
[[nodiscard]] http::Response stop_mirror_load(Visit& visit);
// GET /install and /uninstall: forms; mirror_api_hooks.hpp has where they go.
[[nodiscard]] http::Response show_install(Visit& visit);
[[nodiscard]] http::Response show_uninstall(Visit& visit);

}  // namespace devy::daemon
