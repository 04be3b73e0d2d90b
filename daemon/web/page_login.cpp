#include "daemon/web/page_login.hpp"

#include "core/platform/base/random.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/url.hpp"
#include "core/platform/web/login/safe_next.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/platform/web/session_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/plain_page.hpp"
#include "html_names/login.hpp"

namespace devy::daemon {
namespace {

namespace login_names = html::login;

std::string site_name(const config::Web& web) {
  const auto scheme_end = web.url.find("://");
  return scheme_end == std::string::npos ? "devy" : web.url.substr(scheme_end + 3);
}

}  // namespace

http::Response login_page(const Visit& visit, int status,
                          const std::optional<login::FailureText>& failed) {
  PlainPage page("Log in");
  auto& fill = page.content(login_names::template_file);
  fill.set(login_names::site, site_name(visit.config.web));
  if (failed) {
    auto& shown = fill.add(login_names::failed);
    shown.set(login_names::failed_title, failed->cause);
    shown.set(login_names::failed_text, failed->hint);
  }
  if (visit.config.web.client_id.empty()) fill.show(login_names::link);
  else
    fill.add(login_names::github)
        .set_url(
            login_names::login_url,
            html::own_url({"login", "github"},
                          {{"next", login::safe_next(visit.query.line("next").value_or("/"))}}));
  return page.response(status);
}

http::Response enter(const Visit& visit, const web::Admission& admission, std::string_view next) {
  auto response = server::redirect_response(303, login::safe_next(next));
  server::set_cookie(
      response, {login::session_cookie, admission.cookie.reveal(), visit.config.web.session_life});
  return response;
}

web::Browser browser_of(const Visit& visit) {
  return {.agent = std::string(visit.request.header("User-Agent")),
          .address = sender_of(visit.request).address};
}

web::SessionTimes session_times(const config::Web& web) {
  return {web.session_idle, web.session_life};
}

http::Response show_login(Visit& visit) {
  if (visit.visitor != nullptr)
    return server::redirect_response(303, login::safe_next(visit.query.line("next").value_or("/")));
  return login_page(visit, 200, std::nullopt);
}

http::Response log_in_by_link(Visit& visit) {
  constexpr login::FailureText late{"The address has expired, or was used before",
                                    "Each logs in once, within 60 s. Make another one."};
  const auto admission =
      web::admit_by_link(visit.connection, visit.request.path_values.at(0), browser_of(visit),
                         session_times(visit.config.web), base::system_random());
  if (!admission) return login_page(visit, 403, late);
  return enter(visit, *admission, visit.query.line("next").value_or("/"));
}

http::Response log_out(Visit& visit) {
  web::end_own_session(visit.connection, base::AccountId::trusted(visit.visitor->account_id),
                       web::SessionId::trusted(visit.visitor->session_id));
  auto response = server::redirect_response(303, "/login");
  server::expire_cookie(response, login::session_cookie);
  server::set_header(response, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
  return response;
}

}  // namespace devy::daemon
