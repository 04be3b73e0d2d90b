#include "daemon/web/known_visitor.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/web/login/csrf.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/platform/web/session_store.hpp"

namespace devy::daemon {

std::optional<KnownVisitor> find_visitor(pg::Connection& connection,
                                         const server::ReceivedRequest& request,
                                         base::Duration idle) {
  const auto cookie = server::cookie_value(request, login::session_cookie);
  if (!cookie) return std::nullopt;
  const auto hash = login::token_hash(*cookie);
  if (!hash) return std::nullopt;
  const auto fresh = login::new_token(base::system_random());
  const auto visit =
      web::visit_session(connection, *hash, login::token_hash(fresh.reveal()).value(), idle);
  if (!visit) return std::nullopt;
  const auto& session = visit->session;
  KnownVisitor known;
  known.visitor = {session.account.text(), session.username, session.is_operator,
                   session.is_supporter, session.id.text()};
  known.is_renewed = visit->is_renewed;
  known.token = known.is_renewed ? fresh.reveal() : *cookie;
  return known;
}

bool is_own_act(const server::ReceivedRequest& request, const server::Fields& form,
                const std::string& token, const std::vector<std::string>& origins) {
  if (!login::is_from_own_page(request.headers, origins)) return false;
  const auto field = form.line(login::csrf_field);
  return login::is_csrf_token(token, field ? *field : request.header(login::csrf_header));
}

}  // namespace devy::daemon
