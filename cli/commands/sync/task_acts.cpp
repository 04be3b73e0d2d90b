#include <algorithm>

#include "cli/commands/queue/audited.hpp"
#include "cli/commands/sync/task_shown.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/edit_store.hpp"

// `task edit`, `close`, `reopen`, `delete`, `sync` and `restore`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

std::optional<int> version_of(const Arguments& arguments) {
  const auto version = arguments.number("version");
  return version ? std::optional(static_cast<int>(*version)) : std::nullopt;
}

// The whole set, or what is added to it and removed from it.
std::optional<std::vector<std::string>> changed_labels(const sync::Task& task,
                                                       const Arguments& arguments) {
  auto labels = arguments.has("label") ? arguments.all("label") : task.labels;
  const auto added = arguments.all("add-label"), removed = arguments.all("remove-label");
  if (!arguments.has("label") && added.empty() && removed.empty()) return std::nullopt;
  std::erase(labels, "");
  for (const auto& label : added)
    if (std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
  for (const auto& label : removed)
    std::erase(labels, label);
  return labels;
}

int edit_shown_task(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("id"));
  sync::TaskChange change;
  change.title = arguments.text("title");
  change.body = text_or_input(context, arguments, "body");
  change.labels = changed_labels(task, arguments);
  if (arguments.has("assignee"))
    change.assignees = account_ids_of(context, arguments.all("assignee"));
  if (const auto milestone = arguments.text("milestone"))
    change.milestone = milestone->empty() ? std::optional<std::string>() : milestone;
  change.list = arguments.text("list");
  if (const auto archived = arguments.text("archived")) change.is_archived = *archived == "yes";
  if (!change.title && !change.body && !change.labels && !change.assignees && !change.milestone &&
      !change.list && !change.is_archived)
    throw Error(ErrorKind::usage, "unable to edit the task: nothing is to change",
                "Say --title, --body, --label, --milestone, --assignee, --list or --archived.");
  if (context.is_dry_run()) {
    context.would("change " + task.project + "#" + task.name());
    return exit_ok;
  }
  const auto editor = acting_account(context, arguments);
  audited(context.who(), connection, {"task.edit", task.id}, [&] {
    return sync::edit_task(connection, task.id, editor, version_of(arguments), change);
  });
  queue::wake_workers(connection);
  return end_task_act(context, arguments, task.id, "is changed");
}

int switch_task(Context& context, const Arguments& arguments, const char* act, const char* state,
                const char* done) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("id"));
  if (context.is_dry_run()) {
    context.say(std::string("would ") + act + " " + task.project + "#" + task.name());
    return exit_ok;
  }
  sync::TaskChange change;
  change.state = state;
  if (*change.state == "closed") change.state_reason = arguments.text("as-reason");
  const auto editor = acting_account(context, arguments);
  audited(context.who(), connection, {std::string("task.") + act, task.id}, [&] {
    return sync::edit_task(connection, task.id, editor, version_of(arguments), change);
  });
  queue::wake_workers(connection);
  return end_task_act(context, arguments, task.id, done);
}

int delete_shown_task(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("id"));
  if (context.is_dry_run()) {
    context.would("delete " + task.project + "#" + task.name());
    return exit_ok;
  }
  if (!context.options().is_yes)
    throw CommandError(exit_needs_yes, ErrorKind::usage,
                       "deleting " + task.project + "#" + task.name() +
                           " closes its issue, or leaves it, as the project has it",
                       "Add --yes if that is meant.");
  const auto editor = acting_account(context, arguments);
  audited(context.who(), connection, {"task.delete", task.id},
          [&] { return sync::delete_task(connection, task.id, editor, version_of(arguments)); });
  queue::wake_workers(connection);
  return end_task_act(context, arguments, task.id, "is deleted");
}

int sync_task(Context& context, const Arguments& arguments) {
  require_sync(context);
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("id"));
  if (context.is_dry_run()) {
    context.would("compare " + task.project + "#" + task.name() + " with GitHub");
    return exit_ok;
  }
  audited(context.who(), connection, {"task.sync", task.id},
          [&] { return sync::ask_sync(connection, task.id, context.who()); });
  queue::wake_workers(connection);
  return end_task_act(context, arguments, task.id, "was looked at");
}

int restore_task(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("id"));
  const auto version = version_of(arguments);
  if (!version)
    throw Error(ErrorKind::usage, "unable to restore the task: the version is missing",
                "`devy-upload task show --versions` lists them; say --version N.");
  if (context.is_dry_run()) {
    context.would("make version " + std::to_string(*version) + " the newest");
    return exit_ok;
  }
  const auto editor = acting_account(context, arguments);
  audited(context.who(), connection, {"task.restore", task.id},
          [&] { return sync::restore_record(connection, task.id, *version, editor); });
  queue::wake_workers(connection);
  return end_task_act(context, arguments, task.id, "says again what it said");
}

}  // namespace

const Command& task_edit_command() {
  static const Command command{
      .name = "task edit",
      .summary = "change a task, here and at GitHub",
      .help = "An empty --milestone removes it. The body - is read from standard input.",
      .examples = {"devy-upload task edit alice/plans#T-12 --title 'Mend it' --wait",
                   "devy-upload task edit 1c9f20aa --add-label bug --list doing"},
      .positionals = {task_positional()},
      .options = {{.name = "title", .value = "T", .help = "its title"},
                  {.name = "body", .value = "B", .help = "its text, Markdown"},
                  {.name = "label",
                   .value = "L",
                   .help = "its labels, in place of those it has",
                   .is_repeatable = true},
                  {.name = "add-label",
                   .value = "L",
                   .help = "a label besides those it has",
                   .is_repeatable = true},
                  {.name = "remove-label",
                   .value = "L",
                   .help = "a label that it has",
                   .is_repeatable = true},
                  {.name = "milestone", .value = "M", .help = "the title of a milestone"},
                  {.name = "assignee",
                   .value = "U",
                   .help = "the accounts that work on it, in place of those",
                   .is_repeatable = true},
                  list_option(),
                  {.name = "archived",
                   .value = "YES",
                   .help = "put away, out of the list",
                   .choices = {"yes", "no"}},
                  version_option(),
                  as_option("who changes it"),
                  wait_option(),
                  here_option()},
      .run = edit_shown_task};
  return command;
}

const Command& task_close_command() {
  static const Command command{
      .name = "task close",
      .summary = "close a task and its issue",
      .examples = {"devy-upload task close alice/plans#T-12 --as-reason not_planned"},
      .positionals = {task_positional()},
      .options = {{.name = "as-reason",
                   .value = "R",
                   .help = "why; completed unless given",
                   .choices = {"completed", "not_planned", "duplicate"}},
                  version_option(),
                  as_option("who closes it"),
                  wait_option(),
                  here_option()},
      .run = [](Context& context, const Arguments& arguments) {
        return switch_task(context, arguments, "close", "closed", "is closed");
      }};
  return command;
}

const Command& task_reopen_command() {
  static const Command command{
      .name = "task reopen",
      .summary = "open a closed task and its issue again",
      .examples = {"devy-upload task reopen alice/plans#T-12"},
      .positionals = {task_positional()},
      .options = {version_option(), as_option("who opens it"), wait_option(), here_option()},
      .run = [](Context& context, const Arguments& arguments) {
        return switch_task(context, arguments, "reopen", "open", "is open again");
      }};
  return command;
}

const Command& task_delete_command() {
  static const Command command{
      .name = "task delete",
      .summary = "delete a task; its issue is closed, or left",
      .help = "Which of the two says `project edit --on-delete`.",
      .examples = {"devy-upload task delete alice/plans#T-12 --yes"},
      .positionals = {task_positional()},
      .options = {version_option(), as_option("who deletes it"), wait_option(), here_option()},
      .run = delete_shown_task};
  return command;
}

const Command& task_sync_command() {
  static const Command command{.name = "task sync",
                               .summary = "have a task compared with GitHub now",
                               .help = "What GitHub had refused is sent again.",
                               .examples = {"devy-upload task sync alice/plans#T-12 --here"},
                               .positionals = {task_positional()},
                               .options = {wait_option(), here_option()},
                               .run = sync_task};
  return command;
}

const Command& task_restore_command() {
  static const Command command{
      .name = "task restore",
      .summary = "have a task say again what an earlier version said, or one that lost",
      .examples = {"devy-upload task restore alice/plans#T-12 --version 3"},
      .positionals = {task_positional()},
      .options = {{.name = "version",
                   .value = "N",
                   .help = "as `task show --versions` lists them",
                   .kind = ValueKind::number,
                   .least = 1},
                  as_option("who restores it"),
                  wait_option(),
                  here_option()},
      .run = restore_task};
  return command;
}

}  // namespace devy::cli
