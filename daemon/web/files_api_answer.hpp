#pragma once
// Answers of the API of files (files.md, section 5): {"error": code, "message", "hint"}. Pure; any
// thread.

#include <string>
#include <string_view>

#include "core/files/intake/upload_json.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/message.hpp"

namespace devy::daemon {

[[nodiscard]] http::Response file_refusal(int status, std::string_view code,
                                          std::string_view message, std::string_view hint = {});
// By the error's code, else by its kind. A fault inside is logged under the path, and not told.
[[nodiscard]] http::Response file_error_answer(const base::Error& error, std::string_view path);
// 400 {"error": "malformed", "files": {"0": {"content": ["…"]}}}
[[nodiscard]] http::Response malformed_answer(const intake::Malformed& malformed);
// A refusal of who calls, {"message": …}, in the form that this API has.
[[nodiscard]] http::Response caller_refusal(http::Response refused);

}  // namespace devy::daemon
