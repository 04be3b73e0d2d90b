#pragma once
// The seam between this program and HTTP servers: one request, one response. Nothing is followed,
// retried or decoded here: a redirect is a response like any other.
//
// A Transport belongs to one thread. Tests put a table of answers in its place.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = "GET";
  std::string url;  // absolute, http or https; the caller has checked that it may be asked
  Headers headers;
  std::string body;
  // Gets the body of an answer with status 200 as it comes, instead of Response::body; a false ends
  // it as connection_broken. It throws nothing.
  std::function<bool(std::string_view)> on_body = {};
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;

  // The first header of that name, in any case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Throws Error when there is no response: unavailable with the code connect_failed, timed_out or
  // connection_broken; denied with tls_verify; rejected with response_too_large, url_not_allowed.
  virtual Response send(const Request& request) = 0;
};

}  // namespace devy::http
