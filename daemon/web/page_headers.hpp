#pragma once
// The headers that every page has: what it may load, and who may frame or keep it (web.md, "Who").
// Pure; any thread.

#include "core/platform/http/message.hpp"

namespace devy::daemon {

// Adds those that the answer does not speak of itself.
void add_page_headers(http::Response& response);

}  // namespace devy::daemon
