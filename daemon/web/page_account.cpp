#include "daemon/web/page_account.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "core/platform/web/session_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/page_login.hpp"
#include "html_names/account.hpp"

namespace devy::daemon {
namespace {

namespace account_names = html::account;

void fill_sessions(html::Fill& content, Visit& visit) {
  const auto account = base::AccountId::trusted(visit.visitor->account_id);
  const auto sessions = web::list_sessions(visit.connection, {.account = account});
  for (const auto& session : sessions) {
    auto& row = content.add(account_names::session);
    row.set(account_names::session_id, session.id.text());
    row.set(account_names::agent, session.agent);
    row.set(account_names::address, session.address);
    html::set_clock(row, {account_names::created_utc, account_names::created}, session.created_at,
                    visit.now);
    html::set_age(row, {account_names::seen_utc, account_names::seen}, session.seen_at, visit.now);
    row.show(session.id.text() == visit.visitor->session_id ? account_names::own
                                                            : account_names::other);
  }
  if (sessions.size() > 1) content.show(account_names::others);
}

void note_act(Visit& visit, std::string act, std::string target) {
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = std::move(act),
                                     .target = std::move(target)});
}

}  // namespace

http::Response show_account(Visit& visit) {
  const auto& visitor = *visit.visitor;
  Frame frame(visit, {.title = visitor.username, .path = "/account"});
  if (visit.query.line("done") == "ended") frame.notice("Done", "The session has ended.");
  auto& content = frame.content(account_names::template_file);
  content.set(account_names::account_name, visitor.username);
  html::Sentence(content, account_names::account_text)
      .text(visitor.is_operator ? "An operator: sees and acts on everything."
                                : "Sees and acts on blogs of one's own.");
  content.set_url(account_names::act_url, html::own_url({"account"}));
  content.set(account_names::csrf, visit.csrf);
  fill_sessions(content, visit);
  html::Facts facts(content, account_names::facts);
  facts.add_id("Account", visitor.account_id);
  facts.add("Supporter").text(visitor.is_supporter ? "yes: any number of blogs" : "no: one blog");
  facts.add("Operator").text(visitor.is_operator ? "yes" : "no");
  return frame.response();
}

http::Response act_on_account(Visit& visit) {
  const auto act = visit.form.line("act").value_or("");
  if (act == "logout") return log_out(visit);
  const auto account = base::AccountId::trusted(visit.visitor->account_id);
  if (act == "end_others") {
    const auto own = web::SessionId::trusted(visit.visitor->session_id);
    pg::Transaction transaction(visit.connection);
    static_cast<void>(web::end_sessions(visit.connection, account, own));
    note_act(visit, "web.sessions_end", visit.visitor->username);
    transaction.commit();
  } else {
    const auto session = web::SessionId::parse(visit.form.line("session").value_or(""));
    if (!session)
      throw base::Error(base::ErrorKind::usage, "unable to act: the form names no session");
    pg::Transaction transaction(visit.connection);
    if (!web::end_own_session(visit.connection, account, *session))
      throw base::Error(base::ErrorKind::not_found, "unable to find that session");
    note_act(visit, "web.session_end", session->text());
    transaction.commit();
  }
  return server::redirect_response(303, "/account?done=ended");
}

}  // namespace devy::daemon
