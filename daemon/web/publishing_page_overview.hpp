#pragma once
// The overview of a user: his blogs, the last uploads, what is to be done next. Belongs to the
// thread that answers.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_users_overview(Visit& visit);

}  // namespace devy::daemon
