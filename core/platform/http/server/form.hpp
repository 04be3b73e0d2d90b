#pragma once
// The body of a request as a form (application/x-www-form-urlencoded), by the strict rules of
// fields.hpp. Pure; any thread.

#include "core/platform/http/server/fields.hpp"
#include "core/platform/http/server/message.hpp"

namespace devy::server {

// A route that takes a form has this as its `body_bytes_max`, so that a longer one gets 413.
inline constexpr Fields::Limits form_limits{.bytes_max = 64UL * 1024, .fields_max = 200};

// Throws Error(usage): code "form_expected" when the Content-Type is another one, or its charset
// not UTF-8; else as Fields does.
[[nodiscard]] Fields read_form(const ReceivedRequest& request);

}  // namespace devy::server
