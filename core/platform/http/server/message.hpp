#pragma once
// A request as a route's handler gets it, and the kinds of response that handlers give. Values;
// they may be held by any thread.
//
// The sender chooses everything in a request except `remote_address`, `is_local` and
// `certificate_subjects`.

#include <string>
#include <string_view>
#include <vector>

#include "core/platform/http/message.hpp"

namespace devy::server {

struct ReceivedRequest : http::Request {
  std::string path;                      // as sent: never decoded, begins with '/'
  std::string query;                     // without its '?'
  std::vector<std::string> path_values;  // the parts that matched "*" in the route's path, in order
  std::string remote_address;            // of the peer itself; empty over a Unix socket
  bool is_local = false;                 // over a Unix socket
  // The names in a client certificate that the server's own TLS has verified: its subject in RFC
  // 2253 form, and its DNS and URI alternative names as "DNS:…" and "URI:…".
  std::vector<std::string> certificate_subjects;

  // The value of the only header of that name, in any case; empty when there is none, or several.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    return http::only_header(headers, name);
  }
};

// A response without a Content-Type is JSON. Headers that hold what a sender chose are made by
// response.hpp.
[[nodiscard]] http::Response text_response(
    int status, std::string text, std::string_view content_type = "text/plain; charset=utf-8");

}  // namespace devy::server
