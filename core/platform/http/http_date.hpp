#pragma once
// The time in a Date or Last-Modified header, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section
// 5.6.7; of its three forms the one that servers must send). Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"

namespace devy::http {

// Returns nothing for any other text.
[[nodiscard]] std::optional<base::TimePoint> parse_http_date(std::string_view text);

// The text of a time, without its parts of a second.
[[nodiscard]] std::string write_http_date(base::TimePoint time);

}  // namespace devy::http
