#pragma once
// GitHub's REST API over http::Transport: headers, redirects, paging, rate limits, and the meaning
// of a status (github.md, "REST"). It knows no endpoints and holds no credential; each call names
// the bearer to use.
//
// Nothing is retried here: an error's kind says whether another try may succeed. Error texts
// contain no secrets. One thread; borrows the transport and the clock.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/github/budget.hpp"
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
  std::string last_modified = {};        // likewise, as that response had it
  const base::Secret* bearer = nullptr;  // null: unauthenticated
  std::uint64_t answer_bytes_max = 0;    // limit for the body; 0: the transport's
  std::string_view purpose = "other";    // for the count of requests; a name of ours
};

struct Answer {
  int status = 0;
  std::string body;
  std::string etag;  // empty when the response has none
  // 304: the caller's copy is still current, and the call did not count against the limit.
  bool is_unchanged = false;
  std::optional<std::string> next = {};      // the next page's address
  std::optional<std::string> last = {};      // the last page's, where the list tells
  std::optional<std::string> moved_to = {};  // the address to which a redirect led
  std::string last_modified = {};            // empty when the response has none
  base::TimePoint sent_at{};                 // by our clock, before the request was sent
  std::optional<base::TimePoint> date = {};  // by GitHub's clock, in whole seconds
  std::optional<Budget> budget = {};         // what it counted against
};

class Client {
 public:
  // `api_url` has no slash at its end. The configuration has been checked.
  Client(http::Transport& transport, std::string api_url, const base::Clock& clock);

  // Throws LimitReached; Error(denied: github_unauthorized, github_forbidden), not_found
  // (github_not_found, github_gone), rejected (github_refused, github_redirect), unavailable
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
