#pragma once
// `/search?q=`: leads to what the text names: an operation by its id or the beginning of it, a
// delivery by its GUID, a blog by its address; else to operations with that error code. Payloads
// are never searched.

#include "daemon/web/page.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response search(Visit& visit);

}  // namespace devy::daemon
