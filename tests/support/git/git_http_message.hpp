#pragma once
// HTTP/1.1 as far as git clients speak it: one request a connection, read whole. For tests only.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/git/git_http_stream.hpp"

namespace devy::testing {

struct HttpRequest {
  std::string method, path, query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const;
};

// Nothing when the peer went away or sent no HTTP.
[[nodiscard]] std::optional<HttpRequest> read_request(HttpStream& stream);
// An answer of our own, with a body that says the same.
[[nodiscard]] std::string make_answer(int status, std::string_view extra_headers = {});
[[nodiscard]] std::string base64_decode(std::string_view text);

// Hands the request to `git http-backend`; gives back a whole HTTP answer.
struct BackendCall {
  const std::string& root;
  const HttpRequest& request;
  bool allows_any_commit = false;
  bool knows_version_2 = true;
};
[[nodiscard]] std::string call_backend(const BackendCall& call);

}  // namespace devy::testing
