#include "cli/commands/mirror/load_wait.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/commands/sync/record_wait.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/repository_name.hpp"
#include "core/sync/store/task_document.hpp"

// `project connect`, `disconnect`, `sync` and `approve`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* asked_default = "120s";

// GitHub's id of the repository, by the mirror, which asks where it does not know it yet.
std::int64_t repository_id_of(Context& context, const Arguments& arguments,
                              const std::string& name) {
  auto& connection = context.database();
  if (const auto known = sync::find_repository_id(connection, name)) return *known;
  const auto target = scan::parse_target(name);
  if (!target.list.empty() || target.is_user())
    throw Error(ErrorKind::usage, base::in_quotes(name) + " is no repository", "Write owner/name.");
  scan::require_mirror(context.config());
  scan::LoadOptions options;
  options.is_adding = true;
  options.request.requested_by = context.who();
  const auto recorded = scan::record_load(connection, context.config(), target, options);
  const auto waiting = wait_options(arguments).value_or(
      WaitOptions{base::parse_duration(asked_default), arguments.has("here")});
  const auto load = wait_for_load(context, recorded.id, waiting);
  if (const auto found = sync::find_repository_id(connection, name)) return *found;
  const auto* failed = load.first_failed();
  throw CommandError(exit_status_of(load), ErrorKind::not_found,
                     "unable to find " + base::in_quotes(name) + " at GitHub" +
                         (failed ? ": " + failed->error_text : std::string()),
                     failed && !failed->error_hint.empty()
                         ? failed->error_hint
                         : "Is the daemon there? --here asks GitHub from this process.");
}

sync::Connected need_connection(Context& context, const sync::Project& project,
                                const std::string& repository) {
  auto found = sync::find_connection(context.database(), project.id, repository);
  if (found) return *std::move(found);
  throw Error(ErrorKind::not_found,
              "unable to find " + base::in_quotes(base::safe_text(repository)) + " in " +
                  project.address() + ": it is not connected",
              "`devy-upload project show " + project.address() + "` lists what is.",
              "connection_unknown");
}

int end_act(Context& context, const Arguments& arguments, const std::string& connection_id) {
  queue::wake_workers(context.database());
  const auto waiting = wait_options(arguments);
  const auto connected = waiting ? wait_for_connection(context, connection_id, *waiting)
                                 : sync::find_connection(context.database(), connection_id).value();
  print_connection(context, connected);
  return waiting ? exit_status_of(connected) : exit_ok;
}

int connect_project(Context& context, const Arguments& arguments) {
  require_sync(context);
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  const auto name = arguments.required("repository");
  if (context.is_dry_run()) {
    context.would("connect " + project.address() + " with " + base::safe_text(name));
    return exit_ok;
  }
  sync::Connect wish;
  wish.project_id = project.id;
  wish.repository_id = repository_id_of(context, arguments, name);
  wish.name = name;
  wish.export_mode = arguments.text("export").value_or("none");
  wish.is_approved = context.options().is_yes;
  wish.requested_by = context.who();
  const auto act =
      audited(context.who(), connection, {"project.connect", project.address() + " " + name},
              [&] { return sync::connect(connection, wish); });
  return end_act(context, arguments, act.connection);
}

int disconnect_project(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  const auto found = need_connection(context, project, arguments.required("repository"));
  if (context.is_dry_run()) {
    context.would("keep " + project.address() + " and " + found.repository + " equal no more");
    return exit_ok;
  }
  audited(context.who(), connection,
          {"project.disconnect", project.address() + " " + found.repository}, [&] {
            return sync::disconnect(connection, found.id, "disconnected_by_person", context.who());
          });
  return end_act(context, arguments, found.id);
}

// All connections of a project, or the one that is named; `is_wanted` says which.
std::vector<sync::Connected> named_connections(Context& context, const Arguments& arguments,
                                               bool (*is_wanted)(const sync::Connected&)) {
  const auto project = sync::need_project(context.database(), arguments.required("project"));
  if (const auto repository = arguments.text("repository"))
    return {need_connection(context, project, *repository)};
  std::vector<sync::Connected> found;
  for (auto& one : sync::list_connections(context.database(), project.id))
    if (is_wanted(one)) found.push_back(std::move(one));
  if (found.empty())
    throw Error(
        ErrorKind::conflict,
        "unable to go on: " + project.address() + " has no connection for which that could be done",
        "`devy-upload project show " + project.address() + "` says how they stand.",
        "connection_state");
  return found;
}

int act_on_connections(Context& context, const Arguments& arguments, const char* name,
                       sync::Act (*act)(pg::Connection&, const std::string&, const std::string&),
                       bool (*is_wanted)(const sync::Connected&)) {
  require_sync(context);
  auto& connection = context.database();
  const auto found = named_connections(context, arguments, is_wanted);
  int status = exit_ok;
  for (const auto& one : found) {
    if (context.is_dry_run()) {
      context.say(std::string("would do ") + name + " to " + one.repository);
      continue;
    }
    audited(context.who(), connection, {name, one.project + " " + one.repository},
            [&] { return act(connection, one.id, context.who()); });
    const auto ended = end_act(context, arguments, one.id);
    if (ended != exit_ok) status = found.size() > 1 ? exit_partly_done : ended;
  }
  return status;
}

int sync_project(Context& context, const Arguments& arguments) {
  return act_on_connections(context, arguments, "project.sync", sync::sync_again,
                            [](const sync::Connected& one) { return one.state != "disconnected"; });
}

int approve_project(Context& context, const Arguments& arguments) {
  return act_on_connections(context, arguments, "project.approve", sync::approve,
                            [](const sync::Connected& one) { return one.state == "blocked"; });
}

std::vector<Positional> connection_positionals(bool is_optional) {
  return {{.name = "project", .help = "<user>/<slug>"},
          {.name = "repository", .help = "owner/name at GitHub", .is_optional = is_optional}};
}

}  // namespace

const Command& project_connect_command() {
  static const Command command{
      .name = "project connect",
      .summary = "keep a project's tasks equal with a repository's issues",
      .help =
          "The repository is mirrored and read; its issues, pull requests and comments become "
          "tasks. With --export, tasks that the project has already become issues, after a person "
          "has seen how many (--yes says so at once).",
      .examples = {"devy-upload project connect alice/plans alice/notes --wait=10m",
                   "devy-upload project connect alice/plans alice/notes --export open --yes "
                   "--here"},
      .positionals = connection_positionals(false),
      .options = {{.name = "export",
                   .value = "WHICH",
                   .help = "which tasks become issues; none unless given",
                   .choices = {"none", "open", "all"}},
                  wait_option(),
                  here_option()},
      .run = connect_project};
  return command;
}

const Command& project_disconnect_command() {
  static const Command command{
      .name = "project disconnect",
      .summary = "keep a project and a repository equal no more",
      .help =
          "Tasks stay as they are, and what is changed meanwhile on either side meets when they "
          "are "
          "connected again.",
      .examples = {"devy-upload project disconnect alice/plans alice/notes"},
      .positionals = connection_positionals(false),
      .options = {wait_option(), here_option()},
      .run = disconnect_project};
  return command;
}

const Command& project_sync_command() {
  static const Command command{
      .name = "project sync",
      .summary = "read a project's repositories again and compare everything",
      .help = "One that is blocked tries again.",
      .examples = {"devy-upload project sync alice/plans --wait=10m"},
      .positionals = connection_positionals(true),
      .options = {wait_option(), here_option()},
      .run = sync_project};
  return command;
}

const Command& project_approve_command() {
  static const Command command{
      .name = "project approve",
      .summary = "let a connection go on that waits for a person",
      .help = "It waits before many tasks become issues, and after much was deleted at GitHub.",
      .examples = {"devy-upload project approve alice/plans --here"},
      .positionals = connection_positionals(true),
      .options = {wait_option(), here_option()},
      .run = approve_project};
  return command;
}

}  // namespace devy::cli
