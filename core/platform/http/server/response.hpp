#pragma once
// Builders of responses for pages: HTML, redirects, validators. What goes into a header is checked:
// a carriage return in a Location would begin another header. Pure; any thread.

#include <string>
#include <string_view>

#include "core/platform/http/server/message.hpp"

namespace devy::server {

// Tells whether a text has a control character other than a tab, so that no header can hold it.
[[nodiscard]] bool is_broken_line(std::string_view text);

[[nodiscard]] http::Response html_response(int status, std::string body);
// A response without a body: 204.
[[nodiscard]] http::Response empty_response();

// A redirect: 301, 302, 303, 307 or 308. `target` is a path of this site
// ("/operations?state=failed") or an absolute URL of https or http, percent-encoded. Throws
// Error(internal) for any other:
// "//elsewhere", a backslash, a blank, a quote, a control character, a byte beyond ASCII.
[[nodiscard]] http::Response redirect_response(int status, std::string_view target);

// Sets a header in place of those of that name. Throws Error(internal) for a malformed name, or a
// value with a control character.
void set_header(http::Response& response, std::string_view name, std::string_view value);

// ---- validators

// An entity tag: `"…"` or, of a page whose bytes may differ though it says the same, `W/"…"`.
// `digest` has letters, digits, '-' and '_' only; throws Error(internal) for any other.
[[nodiscard]] std::string weak_tag(std::string_view digest);
[[nodiscard]] std::string strong_tag(std::string_view digest);

// Tells whether the client holds what has this tag, by its If-None-Match (RFC 9110, section 13.1.2:
// compared weakly). A malformed header means that it holds nothing.
[[nodiscard]] bool is_known(const ReceivedRequest& request, std::string_view tag);
// The answer to such a client: 304 with the tag, and with the Cache-Control that the whole answer
// would have.
[[nodiscard]] http::Response not_modified_response(std::string_view tag,
                                                   std::string_view cache_control);

}  // namespace devy::server
