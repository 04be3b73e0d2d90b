#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/edit_store.hpp"
#include "daemon/web/sync_page_parts.hpp"
#include "daemon/web/sync_pages.hpp"

// Acts on a task and its comments. Each has its row in the audit, in the act's own transaction.

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

std::string line_of(const Visit& visit, const char* name) {
  return std::string(visit.form.line(name).value_or(""));
}

std::optional<int> number_in_form(const Visit& visit, const char* name) {
  const auto text = line_of(visit, name);
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

TaskForms read_task_forms(const Visit& visit, const std::string& act) {
  TaskForms forms;
  forms.is_edited = act == "edit";
  forms.title = line_of(visit, "title");
  if (forms.is_edited) forms.body = visit.form.text("body").value_or("");
  if (act == "comment") forms.said = visit.form.text("body").value_or("");
  forms.labels = line_of(visit, "labels");
  forms.milestone = line_of(visit, "milestone");
  forms.list = line_of(visit, "list");
  return forms;
}

sync::TaskChange change_of(const sync::Task& task, const TaskForms& forms) {
  sync::TaskChange change;
  if (forms.title != task.title) change.title = forms.title;
  if (forms.body != task.body) change.body = forms.body;
  const auto labels = words_between_commas(forms.labels);
  if (labels != task.labels) change.labels = labels;
  if (forms.milestone != task.milestone.value_or(""))
    change.milestone =
        forms.milestone.empty() ? std::optional<std::string>() : std::optional(forms.milestone);
  if (forms.list != task.list) change.list = forms.list;
  return change;
}

void erase_comment(Visit& visit, const SeenTask& seen) {
  const auto comment = sync::find_comment(visit.connection, line_of(visit, "comment"));
  if (!comment || comment->task_id != seen.task.id)
    throw Error(ErrorKind::not_found, "unable to find that comment", "Load the page again.");
  require_right(may_edit(*comment, viewer_of(visit)));
  static_cast<void>(
      sync::delete_comment(visit.connection, comment->id, visit.visitor->account_id, std::nullopt));
  note_sync_act(visit, "comment.delete", comment->id);
}

void do_act(Visit& visit, const SeenTask& seen, const std::string& act, const TaskForms& forms) {
  const auto& id = seen.task.id;
  const auto& editor = visit.visitor->account_id;
  if (act == "comment") {
    require_right(seen.rights.adds);
    static_cast<void>(sync::add_comment(visit.connection, {id, editor, forms.said, std::nullopt}));
    return note_sync_act(visit, "comment.add", id);
  }
  if (act == "erase") return erase_comment(visit, seen);
  if (act == "sync") {
    require_sync(visit);
    require_right(seen.rights.adds);
    static_cast<void>(sync::ask_sync(visit.connection, id, visit.actor()));
    return note_sync_act(visit, "task.sync", id);
  }
  require_right(may_edit(seen.task, seen.rights, viewer_of(visit)));
  if (act == "edit") {
    static_cast<void>(sync::edit_task(visit.connection, id, editor,
                                      number_in_form(visit, "version"),
                                      change_of(seen.task, forms)));
  } else if (act == "close" || act == "reopen") {
    sync::TaskChange change;
    change.state = act == "close" ? "closed" : "open";
    static_cast<void>(sync::edit_task(visit.connection, id, editor, std::nullopt, change));
  } else if (act == "restore") {
    const auto version = number_in_form(visit, "number");
    if (!version) throw Error(ErrorKind::usage, "unable to restore: the form names no version");
    static_cast<void>(sync::restore_record(visit.connection, id, *version, editor));
  } else if (act == "delete" && line_of(visit, "sure") == "yes") {
    static_cast<void>(sync::delete_task(visit.connection, id, editor, std::nullopt));
  } else {
    throw Error(ErrorKind::usage, "unable to act: the form names no act", "Load the page again.");
  }
  note_sync_act(visit, ("task." + act).c_str(), id);
}

}  // namespace

http::Response act_on_task(Visit& visit) {
  const auto seen = seen_task(visit.connection, visit.request.path_values[0], viewer_of(visit));
  const auto act = line_of(visit, "act");
  auto forms = read_task_forms(visit, act);
  try {
    pg::Transaction transaction(visit.connection);
    do_act(visit, seen, act, forms);
    transaction.commit();
  } catch (const Error& error) {
    const bool is_told = error.kind() == ErrorKind::usage || error.kind() == ErrorKind::conflict;
    if (!is_told) throw;
    forms.error = error.text() + ". " + error.hint();
    // His text stays in the form; the version that it is compared with is the present one.
    return answer_task(visit, seen_task(visit.connection, seen.task.id, viewer_of(visit)), forms);
  }
  queue::wake_workers(visit.connection);
  return to_page({"tasks", seen.task.id}, act);
}

}  // namespace devy::daemon
