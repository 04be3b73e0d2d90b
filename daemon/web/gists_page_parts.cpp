#include "daemon/web/gists_page_parts.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/fields.hpp"

namespace devy::daemon {

gists::User gist_user_in_path(Visit& visit) {
  using base::Error;
  using base::ErrorKind;
  if (!visit.config.gists.enabled)
    throw Error(ErrorKind::not_found, "unable to find that user: gists are switched off here",
                "An operator switches them on by gists.enabled.");
  const auto login = server::decoded_path_part(visit.request.path_values.at(0)).value_or("");
  auto user = gists::find_user(visit.connection, login);
  if (!user)
    throw Error(ErrorKind::not_found, "unable to find that user: nobody is tracked by that login",
                "The list of gists shows who is tracked.");
  return *std::move(user);
}

std::string_view scan_word(std::string_view state, int failures,
                           const std::optional<gists::OpenScan>& scan) {
  if (state == "off") return state;
  if (scan) return scan->state == "processing" ? "scanning" : "waiting";
  return failures > 0 ? "failing" : state;
}

std::string scan_text(const gists::OpenScan& scan) {
  if (scan.state != "processing") return "the scan waits for a runner";
  return scan.step.empty() ? "the scan begins" : "the scan is at " + scan.step;
}

std::string gist_visitor(const Visit& visit) {
  return "web:" + visit.visitor->account_id;
}

bool may_retry(const Visit& visit, const gists::ShownItem& item) {
  return visit.is_operator() && !visit.config.crm.company.empty() &&
         (item.state == "refused" || item.state == "gone");
}

std::string item_text(const gists::ShownItem& item) {
  if (!item.error.empty()) return item.error;
  if (item.state == "gone") return "somebody deleted it in the CRM";
  return item.remote_id ? "as " + std::to_string(*item.remote_id) : "";
}

std::string_view gists_done_text(std::string_view done) {
  if (done == "tracked")
    return "The user is tracked. His gists are read as soon as a runner is free.";
  if (done == "known") return "The user is tracked.";
  if (done == "removed") return "The user is not scanned any more. What was found stays.";
  if (done == "scan") return "The scan begins as soon as a runner is free.";
  if (done == "retried") return "The CRM is told again.";
  return {};
}

}  // namespace devy::daemon
