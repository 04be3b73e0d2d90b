#pragma once
// Finds the session that a request comes with, and tells whether a page of ours has sent it. For
// the guard, and for routes that take a session in place of a token. Any thread; throws what
// pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/http/server/fields.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

struct KnownVisitor {
  Visitor visitor;
  std::string token;  // the session's, as it is after this request
  // The browser is to be given the token, as the cookie login::session_cookie.
  bool is_renewed = false;
};

// Nothing: nobody is logged in. `idle` is web.session_idle.
[[nodiscard]] std::optional<KnownVisitor> find_visitor(pg::Connection& connection,
                                                       const server::ReceivedRequest& request,
                                                       base::Duration idle);
// `token`: the session's as the request sent it. `origins`: ours, as browsers write them.
[[nodiscard]] bool is_own_act(const server::ReceivedRequest& request, const server::Fields& form,
                              const std::string& token, const std::vector<std::string>& origins);

}  // namespace devy::daemon
