#pragma once
// `/blogs` and `/blogs/<username>/<slug>`: what do readers see, is it the tip? A user sees his own
// blogs, an operator all.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_blogs(Visit& visit);
[[nodiscard]] http::Response show_blog(Visit& visit);
// POST /blogs/<username>/<slug>/act: act=trigger or install_hook.
[[nodiscard]] http::Response act_on_blog(Visit& visit);

}  // namespace devy::daemon
