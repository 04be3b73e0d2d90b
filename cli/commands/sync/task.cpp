#include "cli/commands/queue/audited.hpp"
#include "cli/commands/sync/task_shown.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "cli/line/limit_option.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/edit_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/task_document.hpp"

// `task add`, `list` and `show`.

namespace devy::cli {
namespace {

int add_new_task(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  sync::NewTask task;
  task.project_id = project.id;
  task.author_id = acting_account(context, arguments).value_or(project.account_id);
  task.title = arguments.required("title");
  task.body = text_or_input(context, arguments, "body").value_or("");
  task.labels = arguments.all("label");
  task.milestone = arguments.text("milestone");
  task.assignees = account_ids_of(context, arguments.all("assignee"));
  task.list = arguments.text("list");
  if (const auto repository = arguments.text("repository")) {
    const auto found = sync::find_connection(connection, project.id, *repository);
    if (!found)
      throw base::Error(base::ErrorKind::not_found,
                        "unable to add the task: " + base::in_quotes(*repository) +
                            " is not connected to " + project.address(),
                        "`devy-upload project show " + project.address() + "` lists what is.",
                        "connection_unknown");
    task.connection_id = found->id;
  }
  if (context.is_dry_run()) {
    context.would("add a task to " + project.address());
    return exit_ok;
  }
  const auto added = audited(context.who(), connection, {"task.add", project.address()},
                             [&] { return sync::add_task(connection, task); });
  queue::wake_workers(connection);
  return end_task_act(context, arguments, added.id, "is added");
}

Cell sync_cell(const sync::RecordState& state) {
  return {state.state, state_color(state.state)};
}

int list_project_tasks(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  sync::TaskFilter filter;
  filter.project_id = sync::need_project(connection, arguments.required("project")).id;
  filter.state = arguments.text("state").value_or("");
  filter.label = arguments.text("label").value_or("");
  filter.assignee = arguments.text("assignee").value_or("");
  filter.list = arguments.text("list").value_or("");
  filter.sync = arguments.text("sync").value_or("");
  filter.text = arguments.text("text").value_or("");
  filter.is_archived = arguments.has("archived");
  filter.limit = static_cast<int>(arguments.number("limit").value());
  const auto page = sync::list_tasks(connection, filter);
  std::vector<std::string> ids;
  for (const auto& task : page.tasks)
    ids.push_back(task.id);
  const auto states = sync::read_states(connection, ids, context.config().sync.write_gap);
  if (context.is_json()) {
    print_json(context.out(), json_array(page.tasks, [&](const sync::Task& task) {
                 return sync::task_json(task, states.at(task.id), github_site(context));
               }));
    return exit_ok;
  }
  Table table({{"ID"},
               {"TASK"},
               {"STATE"},
               {"LIST"},
               {.title = "TITLE", .is_elastic = true},
               {"GITHUB"},
               {"SYNC"},
               {"UPDATED"}});
  for (const auto& task : page.tasks) {
    const auto& state = states.at(task.id);
    table.add({start_of_id(task.id), task.name(), task.state, task.list, task.title,
               state.github_key ? "#" + std::to_string(*state.github_key) : std::string("-"),
               sync_cell(state), context.time_text(task.updated_at)});
  }
  if (table.empty()) context.say("there are no such tasks");
  else table.print(context.terminal());
  if (!page.cursor.empty()) context.say("there are more; --limit shows them");
  return exit_ok;
}

void print_versions(Context& context, const std::string& id) {
  for (const auto& version : sync::list_versions(context.database(), id))
    context.out() << "version     " << version.version << ' ' << version.origin << ' '
                  << base::safe_text(version.author.shown()) << ' ' << context.time_text(version.at)
                  << (version.is_lost ? " lost: `task restore` has it back" : "") << '\n';
}

int show_task_command(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto task = sync::need_task(connection, arguments.required("id"));
  const auto state = state_of_record(context, task.id);
  if (context.is_json()) {
    auto document = sync::task_json(task, state, github_site(context));
    if (arguments.has("versions"))
      document.set("versions",
                   json_array(sync::list_versions(connection, task.id), sync::version_json));
    print_json(context.out(), document);
    return exit_ok;
  }
  print_task(context, task, state);
  if (arguments.has("versions")) print_versions(context, task.id);
  return exit_ok;
}

}  // namespace

const Command& task_add_command() {
  static const Command command{
      .name = "task add",
      .summary = "add a task to a project; it becomes an issue where a repository is connected",
      .help = "The body - is read from standard input.",
      .examples =
          {"devy-upload task add alice/plans --title 'Mend the roof' --wait",
           "git log -1 --format=%b | devy-upload task add alice/plans --title Log --body -"},
      .positionals = {{.name = "project", .help = "<user>/<slug>"}},
      .options = {{.name = "title", .value = "T", .help = "its title"},
                  {.name = "body", .value = "B", .help = "its text, Markdown"},
                  {.name = "label", .value = "L", .help = "a label", .is_repeatable = true},
                  {.name = "milestone", .value = "M", .help = "the title of a milestone"},
                  {.name = "assignee",
                   .value = "U",
                   .help = "an account that works on it",
                   .kind = ValueKind::account,
                   .is_repeatable = true},
                  list_option(),
                  {.name = "repository",
                   .value = "R",
                   .help = "owner/name where it becomes an issue, if the project has several"},
                  as_option("who adds it; the project's owner unless given"),
                  wait_option(),
                  here_option()},
      .run = add_new_task};
  return command;
}

const Command& task_list_command() {
  static const Command command{
      .name = "task list",
      .summary = "list a project's tasks, those that changed last first",
      .examples = {"devy-upload task list alice/plans --state open",
                   "devy-upload task list alice/plans --sync refused --json"},
      .positionals = {{.name = "project", .help = "<user>/<slug>"}},
      .options = {{.name = "state",
                   .value = "S",
                   .help = "in one state; both unless given",
                   .choices = {"open", "closed"}},
                  {.name = "label", .value = "L", .help = "with that label"},
                  {.name = "assignee", .value = "U", .help = "on which that one works"},
                  list_option(),
                  {.name = "sync",
                   .value = "S",
                   .help = "that stand so with GitHub",
                   .choices = {"local", "queued", "sending", "checking", "synced", "waiting_limit",
                               "conflict", "refused", "blocked", "disabled", "gone", "held",
                               "failed"}},
                  {.name = "text", .value = "T", .help = "in whose title or body that stands"},
                  {.name = "archived", .help = "those alone that were put away"},
                  limit_option(10'000)},
      .run = list_project_tasks};
  return command;
}

const Command& task_show_command() {
  static const Command command{
      .name = "task show",
      .summary = "show a task, and how it stands with GitHub",
      .examples = {"devy-upload task show alice/plans#T-12 --versions"},
      .positionals = {task_positional()},
      .options = {{.name = "versions", .help = "and what it said before, and what lost"}},
      .run = show_task_command};
  return command;
}

}  // namespace devy::cli
