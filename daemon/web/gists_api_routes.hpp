#pragma once
// The routes of gists with their handlers and answers. Any thread.

#include <string_view>
#include <vector>

#include "core/platform/base/error.hpp"
#include "daemon/web/gists_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<GistsRoute> gists_routes();

// {"error": code}
[[nodiscard]] http::Response gists_refusal(int status, std::string_view code);
// The same for an answer that refuses a caller; its headers stay.
[[nodiscard]] http::Response gists_refusal(http::Response refused);
[[nodiscard]] http::Response gists_error_answer(const base::Error& error, std::string_view path);

}  // namespace devy::daemon
