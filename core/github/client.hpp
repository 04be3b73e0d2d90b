#pragma once
// GitHub's REST API over http::Transport: headers, redirects, paging, rate limits, and what a
// status means (github.md, "REST"). Knows no endpoint and no credential of its own; a call brings
// the bearer it is made with.
//
// Nothing is retried here: an error's kind says whether another try may succeed. Secrets are in no
// error text. One thread; borrows the transport and the clock.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"
#include "core/http/transport.hpp"

namespace devy::github {

// Of a list; the rest waits for the next time.
inline constexpr int pages_max = 100;
inline constexpr int hops_max = 3;  // redirects of one call

struct Call {
  std::string method = "GET";
  // "/repos/alice/notes": below the API's address. Or a whole address of this API, as GitHub gave
  // it in a Link header.
  std::string path;
  std::string body = {};                 // JSON
  std::string etag = {};                 // of the answer we have
  const base::Secret* bearer = nullptr;  // none: unauthenticated
};

struct Answer {
  int status = 0;
  std::string body;
  std::string etag;                          // empty: it has none
  bool is_unchanged = false;                 // 304: what we have is still so, and the call was free
  std::optional<std::string> next = {};      // the next page's address
  std::optional<std::string> moved_to = {};  // where it was found instead
};

class Client {
 public:
  // `api_url` without a slash at its end. The configuration has been checked.
  Client(http::Transport& transport, std::string api_url, const base::Clock& clock);

  // Throws LimitReached; Error(denied: github_unauthorized, github_forbidden), not_found
  // (github_not_found), rejected (github_refused, github_redirect), unavailable
  // (github_unavailable), and what Transport throws.
  [[nodiscard]] Answer send(const Call& call);

  // A list, page after page, until `visit` says false, there is no further page, or pages_max.
  // Throws also Error(unavailable, "github_paging") for pages that lead in a circle.
  void pages(Call call, const std::function<bool(const Answer&)>& visit);

 private:
  [[nodiscard]] http::Response send_once(const Call& call, const std::string& url);
  [[nodiscard]] std::string absolute(std::string_view path) const;
  [[nodiscard]] bool is_own(std::string_view url) const;

  http::Transport& transport_;
  const std::string api_url_;
  const base::Clock& clock_;
  int refusals_ = 0;  // for a limit's sake, in a row
};

// "GET /repos/alice/notes", fit for a message.
[[nodiscard]] std::string describe(const Call& call);

}  // namespace devy::github
