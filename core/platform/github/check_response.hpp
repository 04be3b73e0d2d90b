#pragma once
// Checks a response of GitHub: either it is good, or an Error is thrown whose kind says what to do
// about it. Rate limits are checked before (limit.hpp). Private to core/github. Pure.

#include <string>

#include "core/platform/http/transport.hpp"

namespace devy::github {

// Returns normally for 2xx and 304. `subject` has the form "GET /repos/alice/notes".
void check_response(const std::string& subject, const http::Response& response);

}  // namespace devy::github
