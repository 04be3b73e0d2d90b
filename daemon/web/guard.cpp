#include "daemon/web/guard.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/http/server/form.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/url.hpp"
#include "core/platform/web/login/csrf.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/platform/web/session_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/error_page.hpp"
#include "daemon/web/known_visitor.hpp"
#include "daemon/web/page_headers.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

// Limits for one session, or for one network where nobody is logged in.
constexpr std::uint32_t reads_per_minute = 300, writes_per_minute = 60;
constexpr std::uint32_t logins_per_minute = 30;  // of one network
constexpr std::size_t request_id_characters = 12;
// Above the wanted rate of polls, parts ask less often: at most so many times.
constexpr int poll_factor_max = 6;
// Pages that wait for GitHub.
constexpr unsigned late_threads = 2;
constexpr int late_waiting_max = 50;

// To the login, and back again afterwards.
http::Response to_login(const server::ReceivedRequest& request) {
  auto next = request.path;
  if (!request.query.empty()) next += "?" + request.query;
  return server::redirect_response(303, html::own_url({"login"}, {{"next", next}}).text());
}

}  // namespace

Guard::Guard(const config::Config& config, SessionPool& sessions, WebCounters& counters,
             std::vector<std::string> origins)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      origins_(std::move(origins)),
      reads_(reads_per_minute),
      writes_(writes_per_minute),
      logins_(logins_per_minute),
      late_(late_threads) {}

std::vector<server::Route> Guard::routes() {
  std::vector<server::Route> routes;
  for (const auto& page : page_table()) {
    server::Route route;
    route.method = page.method;
    route.path = page.path;
    route.body_bytes_max = page.method == "POST" ? server::form_limits.bytes_max : 0;
    if (page.is_late)
      route.async_handler = [this, &page](std::shared_ptr<const server::ReceivedRequest> request,
                                          const server::Respond& respond) {
        answer_late(page, std::move(request), respond);
      };
    else
      route.handler = [this, &page](const server::ReceivedRequest& request) {
        return answer(page, request);
      };
    routes.push_back(std::move(route));
  }
  return routes;
}

http::Response Guard::visit(const Page& page, const server::ReceivedRequest& request,
                            const std::string& request_id, pg::Connection& connection) {
  const auto query = server::read_query(request);
  const auto known = find_visitor(connection, request, config_.web.session_idle);
  const auto* visitor = known ? &known->visitor : nullptr;
  const bool is_act = page.method == "POST";
  const auto now = base::system_clock().monotonic_now();
  const auto who = known ? known->visitor.session_id : sender_of(request).network;
  const bool is_login = page.path.starts_with("/login/");
  const auto seconds = is_login ? logins_.take(sender_of(request).network, now)
                                : (is_act ? writes_ : reads_).take(who, now);
  if (seconds) {
    counters_.count_refusal("rate");
    return error_page({.status = 429, .request_id = request_id, .retry_after_seconds = *seconds});
  }
  if (page.right != Right::anyone && visitor == nullptr) {
    if (!is_act) return to_login(request);
    return error_page({.status = 403,
                       .request_id = request_id,
                       .detail = "You are not logged in, or no more.",
                       .hint = "Log in, then do it again."});
  }
  if (page.right == Right::operator_ && !visitor->is_operator) {
    counters_.count_refusal("right");
    return error_page({.status = 404, .request_id = request_id});
  }
  server::Fields form;
  if (is_act) {
    form = server::read_form(request);
    if (!is_own_act(request, form, known ? known->token : "", origins_)) {
      counters_.count_refusal("csrf");
      return error_page({.status = 403,
                         .request_id = request_id,
                         .detail = "The form was not sent by a page of this site, or is too old.",
                         .hint = "Go back, load the page again, and send it once more."});
    }
  }
  Visit visit{.request = request,
              .query = query,
              .form = form,
              .config = config_,
              .connection = connection,
              .queue = queue_,
              .visitor = visitor,
              .csrf = known ? login::new_csrf_token(known->token, base::system_random()) : "",
              .request_id = request_id,
              .now = base::system_clock().now()};
  const auto wanted = config_.web.polls_per_second;
  visit.poll_factor = std::min<int>(
      poll_factor_max, 1 + static_cast<int>(counters_.polls_per_second(now) / (wanted + 1)));
  auto response = page.handler(visit);
  if (visit.wants_part() && query.has("seen")) counters_.count_poll(response.status != 204, now);
  if (known && known->is_renewed)
    server::set_cookie(response, {login::session_cookie, known->token, config_.web.session_life});
  return response;
}

void Guard::answer_late(const Page& page, std::shared_ptr<const server::ReceivedRequest> request,
                        const server::Respond& respond) {
  if (late_waiting_.fetch_add(1) >= late_waiting_max) {
    --late_waiting_;
    counters_.count_refusal("late");
    respond(error_page({.status = 503, .retry_after_seconds = database_away_seconds}));
    return;
  }
  late_.submit([this, &page, request = std::move(request), respond] {
    respond(answer(page, *request));
    --late_waiting_;
  });
}

http::Response Guard::answer(const Page& page, const server::ReceivedRequest& request) {
  const auto begun = base::system_clock().monotonic_now();
  const auto request_id = base::system_random().token().substr(0, request_id_characters);
  http::Response response;
  try {
    sessions_.with([&](pg::Connection& connection) {
      response = visit(page, request, request_id, connection);
    });
  } catch (const Error& error) {
    response = error_page(error, request_id);
    if (response.status >= 500)
      base::log::error("page failed", {{"request", request_id},
                                       {"path", page.path},
                                       {"error", error.text()},
                                       {"code", error.code()}});
  } catch (const std::exception& error) {
    base::log::error("page failed",
                     {{"request", request_id}, {"path", page.path}, {"error", error.what()}});
    response = error_page({.status = 500, .request_id = request_id});
  }
  if (page.path == "/login/link/*" || page.path == "/login/authorized")
    counters_.count_login(response.status == 303);
  add_page_headers(response);
  const auto took = base::system_clock().monotonic_now() - begun;
  counters_.count(page.path, response.status,
                  std::chrono::duration_cast<std::chrono::microseconds>(took));
  return response;
}

}  // namespace devy::daemon
