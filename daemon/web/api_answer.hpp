#pragma once
// Answers of the JSON APIs of the role web. Pure; any thread.

#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"
#include "core/platform/http/message.hpp"
#include "core/platform/json/json.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response json_answer(int status, const json::Json& document);
// {"message": …}
[[nodiscard]] http::Response message_answer(int status, std::string_view message);
// 429 with Retry-After.
[[nodiscard]] http::Response too_many_answer(int seconds);
// 503 {"error": "… Try again in N seconds."} with Retry-After. `what` is a sentence.
[[nodiscard]] http::Response later_answer(std::string_view what, int seconds);
// The answer for an error. A fault inside is logged under the path, and not told.
[[nodiscard]] http::Response error_answer(const base::Error& error, std::string_view path);

}  // namespace devy::daemon
