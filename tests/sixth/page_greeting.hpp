#pragma once
// `/greetings`: a page as one would be added, by its template, this handler, and a line in the
// table.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response show_greetings(Visit& visit);

}  // namespace devy::daemon
