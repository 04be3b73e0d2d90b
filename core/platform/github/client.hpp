#pragma once
// GitHub's REST API over http::Transport: headers, redirects, paging, rate limits, and the meaning
// of a status (github.md, "REST"). It knows no endpoints and holds no credential; each call names
// the bearer to use.
//
// Nothing is retried here: an error's kind says whether another try may succeed. Error texts
// contain no secrets. One thread; borrows the transport and the clock.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::github {

// Limit for the pages read of a list; later ones are left for the next call.
inline constexpr int pages_max = 100;
inline constexpr int hops_max = 3;  // limit for the redirects of one call

struct Call {
  std::string method = "GET";
  // A path below the API's address ("/repos/alice/notes"), or a whole address of this API, as
  // GitHub gave it in a Link header.
  std::string path;
  std::string body = {};                 // JSON
  std::string etag = {};                 // of the response that the caller has already
  const base::Secret* bearer = nullptr;  // null: unauthenticated
};

struct Answer {
  int status = 0;
  std::string body;
  std::string etag;  // empty when the response has none
  // 304: the caller's copy is still current, and the call did not count against the limit.
  bool is_unchanged = false;
  std::optional<std::string> next = {};      // the next page's address
  std::optional<std::string> moved_to = {};  // the address to which a redirect led
};

class Client {
 public:
  // `api_url` has no slash at its end. The configuration has been checked.
  Client(http::Transport& transport, std::string api_url, const base::Clock& clock);

  // Throws LimitReached; Error(denied: github_unauthorized, github_forbidden), not_found
  // (github_not_found), rejected (github_refused, github_redirect), unavailable
  // (github_unavailable), and what Transport throws.
  [[nodiscard]] Answer send(const Call& call);

  // Reads a list page by page until `visit` returns false, there is no further page, or pages_max
  // is reached. Also throws Error(unavailable, "github_paging") when the pages lead in a circle.
  void pages(Call call, const std::function<bool(const Answer&)>& visit);

 private:
  [[nodiscard]] http::Response send_once(const Call& call, const std::string& url);
  [[nodiscard]] std::string absolute(std::string_view path) const;
  [[nodiscard]] bool is_own(std::string_view url) const;

  http::Transport& transport_;
  const std::string api_url_;
  const base::Clock& clock_;
  int refusals_ = 0;  // consecutive refusals because of a limit
};

// Returns "GET /repos/alice/notes", for use in a message.
[[nodiscard]] std::string describe(const Call& call);

}  // namespace devy::github
