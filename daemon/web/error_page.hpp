#pragma once
// Pages for what went wrong: what failed, what is true now, what to do next. No SQL, no stack, and
// no database is asked. Pure; any thread.

#include <string>

#include "core/platform/base/error.hpp"
#include "core/platform/http/message.hpp"

namespace devy::daemon {

// The code of an Error(denied) that refuses the reader, and so is his to read.
inline constexpr const char* forbidden_code = "forbidden";

struct ErrorPage {
  int status = 500;
  std::string request_id = {};
  std::string detail = {};  // of a 400, 409, 422: what is wrong, as the error says
  std::string hint = {};
  int retry_after_seconds = 0;  // of a 429 or 503
};
[[nodiscard]] http::Response error_page(const ErrorPage& page);
// By the table of base::Error; an error whose text is not for strangers shows none.
[[nodiscard]] http::Response error_page(const base::Error& error, const std::string& request_id);

}  // namespace devy::daemon
