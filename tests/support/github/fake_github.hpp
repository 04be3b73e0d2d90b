#pragma once
// A server on loopback that plays GitHub's REST API as far as a test says: each request is answered
// by the test's own function, and kept. One thread a connection; every method may be called from
// any thread. The destructor closes all connections.
//
//   FakeGithub github([](const HttpRequest& request) { return FakeAnswer{.status = 404}; });
//   … "api_url = " + github.url() …
//   github.wait_for("POST /repos/alice/notes/statuses/", 2);

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/git/git_http_message.hpp"
#include "tests/support/git/git_http_stream.hpp"

namespace devy::testing {

struct FakeAnswer {
  int status = 200;
  std::vector<std::string> headers = {};  // "Name: value"
  std::string body = {};
  bool is_silent = false;  // reads the request, never answers
  bool closes = false;     // closes the connection instead of answering
};

class FakeGithub {
 public:
  using Play = std::function<FakeAnswer(const HttpRequest&)>;
  explicit FakeGithub(Play play, const std::optional<TlsIdentity>& tls = std::nullopt);
  FakeGithub(const FakeGithub&) = delete;
  FakeGithub& operator=(const FakeGithub&) = delete;
  ~FakeGithub();

  [[nodiscard]] std::string url() const;  // without a slash at its end
  void play(Play play);                   // from the next request on
  [[nodiscard]] std::vector<HttpRequest> requests() const;
  // Those whose "METHOD /path" begins so, once there are so many; throws when they do not come.
  std::vector<HttpRequest> wait_for(std::string_view beginning, std::size_t count) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace devy::testing
