#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/edit_store.hpp"
#include "core/sync/store/repository_name.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "daemon/web/sync_pages.hpp"

// Acts on a project: tasks that are added, repositories, members. Each has its row in the audit, in
// the act's own transaction.

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

http::Response to_project(const sync::Project& project, const char* done) {
  return to_page({"projects", project.owner, project.slug}, done);
}

std::string field(const Visit& visit, const char* name) {
  return std::string(visit.form.line(name).value_or(""));
}

bool is_told_in_form(const Error& error) {
  return error.kind() == ErrorKind::usage || error.kind() == ErrorKind::conflict;
}

http::Response add_page_task(Visit& visit, const SeenProject& seen) {
  require_right(seen.rights.adds);
  ProjectForms forms;
  forms.task_title = field(visit, "title");
  forms.task_body = visit.form.text("body").value_or("");
  forms.task_labels = field(visit, "labels");
  sync::NewTask task;
  task.project_id = seen.project.id;
  task.author_id = visit.visitor->account_id;
  task.title = forms.task_title;
  task.body = forms.task_body;
  task.labels = words_between_commas(forms.task_labels);
  std::string id;
  try {
    pg::Transaction transaction(visit.connection);
    id = sync::add_task(visit.connection, task).id;
    note_sync_act(visit, "task.add", seen.project.address());
    transaction.commit();
  } catch (const Error& error) {
    if (!is_told_in_form(error)) throw;
    forms.task_error = error.text() + ". " + error.hint();
    return answer_project(visit, seen, forms);
  }
  queue::wake_workers(visit.connection);
  return to_page({"tasks", id}, "task");
}

// The id of a repository that the mirror knows, by its name, or by its number at GitHub.
std::optional<std::int64_t> repository_named(Visit& visit, const std::string& name) {
  std::int64_t number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  if (read.ec == std::errc() && read.ptr == name.data() + name.size() && number > 0) return number;
  return sync::find_repository_id(visit.connection, name);
}

http::Response connect_page_repository(Visit& visit, const SeenProject& seen) {
  require_sync(visit);
  require_right(seen.rights.administers);
  ProjectForms forms;
  forms.repository = field(visit, "repository");
  const auto repository = repository_named(visit, forms.repository);
  if (!repository) {
    forms.connect_error = "The mirror does not know this repository. Add it under Mirror first.";
    return answer_project(visit, seen, forms);
  }
  sync::Connect wish;
  wish.project_id = seen.project.id;
  wish.repository_id = *repository;
  wish.export_mode = field(visit, "export");
  wish.by = visit.visitor->account_id;
  wish.requested_by = visit.actor();
  try {
    pg::Transaction transaction(visit.connection);
    static_cast<void>(sync::connect(visit.connection, wish));
    note_sync_act(visit, "project.connect", seen.project.address() + " " + forms.repository);
    transaction.commit();
  } catch (const Error& error) {
    if (!is_told_in_form(error)) throw;
    forms.connect_error = error.text() + ". " + error.hint();
    return answer_project(visit, seen, forms);
  }
  queue::wake_workers(visit.connection);
  return to_project(seen.project, "connect");
}

sync::Connected connection_in_form(Visit& visit, const SeenProject& seen) {
  const auto id = field(visit, "connection");
  for (auto& one : sync::list_connections(visit.connection, seen.project.id))
    if (one.id == id) return std::move(one);
  throw Error(ErrorKind::not_found, "unable to find that connection", "Load the page again.");
}

http::Response act_on_page_connection(Visit& visit, const SeenProject& seen,
                                      const std::string& act) {
  require_sync(visit);
  require_right(seen.rights.administers);
  const auto one = connection_in_form(visit, seen);
  pg::Transaction transaction(visit.connection);
  if (act == "approve") {
    static_cast<void>(sync::approve(visit.connection, one.id, visit.actor()));
  } else if (act == "sync") {
    static_cast<void>(sync::sync_again(visit.connection, one.id, visit.actor()));
  } else if (act == "disconnect") {
    static_cast<void>(
        sync::disconnect(visit.connection, one.id, "disconnected_by_person", visit.actor()));
  } else {
    sync::Connect wish;
    wish.project_id = seen.project.id;
    wish.repository_id = one.repository_id;
    wish.name = one.repository;
    wish.export_mode = one.export_mode;
    wish.by = visit.visitor->account_id;
    wish.requested_by = visit.actor();
    static_cast<void>(sync::connect(visit.connection, wish));
  }
  const auto noted = act == "reconnect" ? std::string("connect") : act;
  note_sync_act(visit, ("project." + noted).c_str(), seen.project.address() + " " + one.repository);
  transaction.commit();
  queue::wake_workers(visit.connection);
  return to_project(seen.project, noted.c_str());
}

http::Response change_page_member(Visit& visit, const SeenProject& seen, bool is_adding) {
  require_right(seen.rights.administers);
  const auto username = field(visit, "user");
  const auto account = sync::accounts_named(visit.connection, {username}).front();
  pg::Transaction transaction(visit.connection);
  if (is_adding)
    sync::set_member(visit.connection, seen.project.id, account,
                     field(visit, "role") == "admin" ? "admin" : "member");
  else static_cast<void>(sync::remove_member(visit.connection, seen.project.id, account));
  note_sync_act(visit, is_adding ? "project.member_add" : "project.member_remove",
                seen.project.address() + " " + username);
  transaction.commit();
  return to_project(seen.project, is_adding ? "member" : "remove");
}

}  // namespace

http::Response act_on_project(Visit& visit) {
  const auto& values = visit.request.path_values;
  const auto seen = seen_project(visit.connection, values[0] + "/" + values[1], viewer_of(visit));
  const auto act = field(visit, "act");
  if (act == "task") return add_page_task(visit, seen);
  if (act == "connect") return connect_page_repository(visit, seen);
  if (act == "approve" || act == "sync" || act == "disconnect" || act == "reconnect")
    return act_on_page_connection(visit, seen, act);
  if (act == "member" || act == "remove") return change_page_member(visit, seen, act == "member");
  throw Error(ErrorKind::usage, "unable to act: the form names no act", "Load the page again.");
}

}  // namespace devy::daemon
