#pragma once
// One request as a handler sees it, and its answer. Values; whatever thread holds them.
//
// Everything in a request is the sender's word but `remote_address`, `is_local` and
// `certificate_subjects`.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::daemon {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;   // as sent: never decoded, begins with '/'
  std::string query;  // without its '?'
  Headers headers;
  std::string body;
  std::vector<std::string> path_values;  // what stood at the "*" of the route's path, in order
  std::string remote_address;            // of the peer itself; empty over a Unix socket
  bool is_local = false;                 // over a Unix socket
  // Of a client certificate that the server's own TLS has verified: its subject in RFC 2253 form
  // and its DNS and URI alternative names, as "DNS:…" and "URI:…".
  std::vector<std::string> certificate_subjects;

  // The value of the only header of that name, in any case; empty when there is none, or several.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  Headers headers;  // of fixed text or numbers, never the sender's
};

}  // namespace devy::daemon
