#pragma once
// What a response of GitHub's means to whoever asked: nothing wrong, or an Error whose kind says
// what to do about it. Limits are judged before (limit.hpp). Private to core/github. Pure.

#include <string>

#include "core/http/transport.hpp"

namespace devy::github {

// Returns for 2xx and 304. `subject`: "GET /repos/alice/notes".
void judge(const std::string& subject, const http::Response& response);

}  // namespace devy::github
