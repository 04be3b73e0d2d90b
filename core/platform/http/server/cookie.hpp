#pragma once
// Cookies: reading those of a request by strict rules, and setting one. Pure; any thread.
//
// A cookie whose name begins with "__Host-" was set by this very host over TLS, or over loopback:
// browsers refuse any other (RFC 6265bis, section 4.1.3). So two of the same name are a sign of
// tampering, and neither is believed.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/http/server/message.hpp"

namespace devy::server {

inline constexpr std::size_t cookies_max = 50;  // of one request; more are as good as none
inline constexpr std::size_t cookie_value_bytes_max = 4096;

// Returns the value of the only cookie of that name; nothing when there is none, or several, or
// when the request has several headers Cookie or a malformed one.
[[nodiscard]] std::optional<std::string_view> cookie_value(const ReceivedRequest& request,
                                                           std::string_view name);

// A cookie that scripts cannot read, that goes to this host alone, over TLS or loopback, and with
// requests from other sites only when a person follows a link (SameSite=Lax).
struct Cookie {
  std::string_view name;
  std::string_view value;
  std::optional<std::chrono::seconds> max_age = {};  // none: until the browser ends
};

// Adds a Set-Cookie. Throws Error(internal) for a name or value that a cookie cannot have: control
// characters, blanks, quotes, commas, semicolons, backslashes, bytes beyond ASCII.
void set_cookie(http::Response& response, const Cookie& cookie);
// Tells the browser to forget it.
void expire_cookie(http::Response& response, std::string_view name);

}  // namespace devy::server
