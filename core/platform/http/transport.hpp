#pragma once
// The seam between this program and HTTP servers: one request, one response. It follows, retries
// and decodes nothing: a redirect is a response like any other.
//
// A Transport belongs to one thread. Tests replace it by a table of responses.

#include <functional>
#include <string_view>

#include "core/platform/http/message.hpp"

namespace devy::http {

// Gets the body of a response with status 200 piece by piece, instead of Response::body. Returning
// false ends the response as connection_broken. It throws nothing.
using OnBody = std::function<bool(std::string_view)>;

class Transport {
 public:
  virtual ~Transport() = default;
  // The caller has checked that `request.url` may be asked. Throws Error when there is no response:
  // unavailable with the code connect_failed, timed_out or connection_broken; denied with
  // tls_verify; rejected with response_too_large, url_not_allowed.
  [[nodiscard]] Response send(const Request& request) { return send(request, {}); }
  [[nodiscard]] virtual Response send(const Request& request, const OnBody& on_body) = 0;
};

}  // namespace devy::http
