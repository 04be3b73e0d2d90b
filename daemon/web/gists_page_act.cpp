#include "core/gists/store/crm_list_store.hpp"
#include "core/gists/store/crm_store.hpp"
#include "core/gists/store/scan_store.hpp"
#include "core/gists/store/visit_store.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/url.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/gists_page_parts.hpp"
#include "daemon/web/gists_pages.hpp"

// Acts on tracked users, on what the CRM is told, and visits. Each but a visit has its row in the
// audit, in the act's own transaction.

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int visit_files_shown = 200;  // of one visit: the next one gives the rest
constexpr std::size_t visit_key_bytes_max = 255;

void note_gist_act(Visit& visit, const char* act, const std::string& target) {
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = act,
                                     .target = target});
}

http::Response to_gists(const std::string& login, const std::string& name,
                        const std::string& value) {
  const auto url = login.empty() ? html::own_url({"gists"}, {{name, value}})
                                 : html::own_url({"gists", login}, {{name, value}});
  return server::redirect_response(303, url.text());
}

void require_gists(const Visit& visit) {
  if (!visit.config.gists.enabled)
    throw Error(ErrorKind::conflict, "unable to act: gists are switched off here",
                "An operator switches them on by gists.enabled.");
}

void say_refused(TrackForm& form, gists::Added result) {
  switch (result) {
    case gists::Added::login_tracked:
      form.id_error = "He is tracked by another id already. Leave this empty to keep it.";
      return;
    case gists::Added::id_taken:
      form.id_error = "Another user is tracked by this id. Choose another one.";
      return;
    case gists::Added::too_many:
      form.login_error = "As many users are tracked as gists.users_max allows. Stop tracking one.";
      return;
    case gists::Added::added:
    case gists::Added::known: return;
  }
}

http::Response track_user(Visit& visit, TrackForm form) {
  if (!gists::is_login(form.login))
    form.login_error = "This is no login of GitHub: up to 39 letters, digits, '-' and '_'.";
  if (!form.id.empty() && !gists::is_external_id(form.id))
    form.id_error = "An id has up to 64 letters, digits, '-' and '_'.";
  if (!form.login_error.empty() || !form.id_error.empty()) return answer_gists(visit, form);
  gists::NewUser user{form.login, std::nullopt, std::nullopt, visit.actor()};
  if (!form.id.empty()) user.external_id = form.id;
  pg::Transaction transaction(visit.connection);
  const auto added = gists::add_user(visit.connection, user, visit.config.gists.users_max);
  say_refused(form, added.result);
  if (!form.login_error.empty() || !form.id_error.empty()) {
    transaction.rollback();
    return answer_gists(visit, form);
  }
  note_gist_act(visit, "gist.track", base::to_lower(form.login));
  transaction.commit();
  return to_gists(base::to_lower(form.login), "done",
                  added.result == gists::Added::added ? "tracked" : "known");
}

http::Response retry_item(Visit& visit, const std::string& id) {
  const std::string from(visit.form.line("from").value_or(""));
  const auto& company = visit.config.crm.company;
  if (company.empty())
    throw Error(ErrorKind::conflict, "unable to tell the CRM: none is configured",
                "Set crm.company and crm.token_file.");
  if (!base::is_uuid(id)) throw Error(ErrorKind::not_found, "unable to find that item of the CRM");
  pg::Transaction transaction(visit.connection);
  const auto before = gists::retry_crm_item(visit.connection, id);
  if (!before) throw Error(ErrorKind::not_found, "unable to find that item of the CRM");
  if (*before != "refused" && *before != "gone")
    throw Error(ErrorKind::conflict, "unable to tell the CRM again: the item is " + *before,
                "Load the page again.");
  note_gist_act(visit, "gist.retry", id);
  gists::wake_crm(visit.connection, company);
  transaction.commit();
  queue::wake_workers(visit.connection);
  return to_gists(gists::is_login(from) ? from : "", "done", "retried");
}

http::Response scan_user(Visit& visit, const gists::User& user) {
  pg::Transaction transaction(visit.connection);
  const auto recorded = gists::ask_scans_within(
      visit.connection, {user.id}, {.is_full = false, .requested_by = visit.actor(), .reason = {}});
  if (recorded.empty())
    throw Error(ErrorKind::conflict, "unable to scan: the user is tracked no more",
                "Track him again first.");
  note_gist_act(visit, "gist.scan", user.login);
  transaction.commit();
  queue::wake_workers(visit.connection);
  return to_gists(visit.form.line("from") == "list" ? "" : user.login, "done", "scan");
}

http::Response remove_user_of(Visit& visit, const gists::User& user) {
  pg::Transaction transaction(visit.connection);
  if (!gists::remove_user(visit.connection, user.login, false))
    throw Error(ErrorKind::conflict, "unable to stop tracking: the user is tracked no more",
                "Load the page again.");
  note_gist_act(visit, "gist.untrack", user.login);
  transaction.commit();
  return to_gists(user.login, "done", "removed");
}

}  // namespace

http::Response act_on_gists(Visit& visit) {
  require_gists(visit);
  if (const auto item = visit.form.line("retry")) return retry_item(visit, std::string(*item));
  if (visit.form.line("act") != "track")
    throw Error(ErrorKind::usage, "unable to act: the form names no act");
  return track_user(visit, {std::string(visit.form.line("login").value_or("")),
                            std::string(visit.form.line("id").value_or("")),
                            {},
                            {}});
}

http::Response act_on_gist_user(Visit& visit) {
  const auto user = gist_user_in_path(visit);
  const auto act = visit.form.line("act").value_or("");
  if (act == "scan") return scan_user(visit, user);
  if (act == "remove") return remove_user_of(visit, user);
  if (act == "track") return track_user(visit, {user.login, {}, {}, {}});
  throw Error(ErrorKind::usage, "unable to act: the form names no act");
}

http::Response visit_gists(Visit& visit) {
  const auto user = gist_user_in_path(visit);
  const std::string key(visit.form.line("key").value_or(""));
  gists::Visit asked{
      user.login, gist_visitor(visit), visit.form.line("edits") == "true", {}, visit_files_shown};
  if (key.size() > visit_key_bytes_max)
    throw Error(ErrorKind::usage, "unable to show what is new: the form's key is too long",
                "Load the page again.");
  if (!key.empty()) asked.key = key;
  const auto session = gists::visit(visit.connection, asked);
  if (!session)
    throw Error(ErrorKind::conflict, "unable to show what is new: the user is tracked no more",
                "An operator can track him again.");
  return to_gists(user.login, "visit", std::to_string(session->id));
}

}  // namespace devy::daemon
