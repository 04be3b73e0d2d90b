#include "cli/commands/queue/audited.hpp"
#include "cli/commands/sync/record_wait.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/task_document.hpp"

// `project add`, `list`, `show`, `edit`, `delete` and `member`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int projects_listed_max = 1'000;

struct ProjectAddress {
  std::string owner, slug;
};
ProjectAddress address_of(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size())
    throw Error(ErrorKind::usage, base::in_quotes(text) + " is no project",
                "Write <user>/<slug>, as alice/plans.", "project_invalid");
  return {text.substr(0, slash), text.substr(slash + 1)};
}

int show_found_project(Context& context, const sync::Project& project) {
  auto& connection = context.database();
  const auto members = sync::list_members(connection, project.id);
  const auto connections = sync::list_connections(connection, project.id);
  if (context.is_json()) {
    auto document = sync::project_json(project);
    document.set("members", json_array(members, sync::member_json));
    document.set("repositories", json_array(connections, sync::connection_json));
    print_json(context.out(), document);
    return exit_ok;
  }
  auto& out = context.out();
  out << "project     " << project.address() << (project.is_private ? " (private)" : "") << '\n'
      << "title       " << base::safe_text(project.title) << '\n'
      << "open tasks  " << project.open_tasks << '\n'
      << "conflicts   " << project.conflict << " wins\n"
      << "deleting    " << (project.on_task_delete == "close" ? "closes" : "leaves")
      << " the issue\n";
  for (const auto& member : members)
    out << "member      " << member.username << ' ' << member.role
        << (member.is_owner ? " (owner)" : "") << '\n';
  for (const auto& one : connections) {
    out << "repository  " << base::safe_text(one.repository) << ' ' << one.state;
    if (!one.reason.empty())
      out << ": " << base::safe_text(sync::explain_reason(one.reason).message);
    if (one.total) out << ", " << one.done << " of " << *one.total;
    out << '\n';
  }
  return exit_ok;
}

int add_sync_project(Context& context, const Arguments& arguments) {
  const auto address = address_of(arguments.required("project"));
  const auto account = account_id_of(context, address.owner);
  if (context.is_dry_run()) {
    context.would("make the project " + address.owner + "/" + address.slug);
    return exit_ok;
  }
  auto& connection = context.database();
  const auto id =
      audited(context.who(), connection, {"project.add", address.owner + "/" + address.slug}, [&] {
        return sync::add_project(
            connection, {account, address.slug, arguments.text("title").value_or(address.slug),
                         arguments.has("private")});
      });
  if (context.is_json()) return show_found_project(context, sync::need_project(connection, id));
  context.say(address.owner + "/" + address.slug + " is made; `devy-upload project connect " +
              address.owner + "/" + address.slug + " <owner>/<repository>` connects it");
  return exit_ok;
}

int list_sync_projects(Context& context) {
  const auto projects = sync::list_projects(
      context.database(), {.account_id = {}, .sees_all = true}, false, "", projects_listed_max);
  if (context.is_json()) {
    print_json(context.out(), json_array(projects, sync::project_json));
    return exit_ok;
  }
  Table table({{"PROJECT"},
               {.title = "TITLE", .is_elastic = true},
               {"SEEN BY"},
               {.title = "OPEN TASKS", .align = Align::right},
               {.title = "REPOSITORIES", .align = Align::right}});
  for (const auto& project : projects)
    table.add({project.address(), project.title, project.is_private ? "members" : "everybody",
               std::to_string(project.open_tasks), std::to_string(project.connections)});
  if (table.empty()) context.say("there are no projects; `devy-upload project add` makes one");
  else table.print(context.terminal());
  return exit_ok;
}

int edit_sync_project(Context& context, const Arguments& arguments) {
  sync::ProjectChange change;
  change.title = arguments.text("title");
  change.conflict = arguments.text("conflict");
  change.on_task_delete = arguments.text("on-delete");
  if (const auto seen = arguments.text("visibility")) change.is_private = *seen == "private";
  if (!change.title && !change.conflict && !change.on_task_delete && !change.is_private)
    throw Error(ErrorKind::usage, "unable to edit the project: nothing is to change",
                "Say --title, --visibility, --conflict or --on-delete.");
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  if (context.is_dry_run()) {
    context.would("change " + project.address());
    return exit_ok;
  }
  audited(context.who(), connection, {"project.edit", project.address()},
          [&] { sync::edit_project(connection, project.id, change); });
  if (context.is_json())
    return show_found_project(context, sync::need_project(connection, project.id));
  context.say(project.address() + " is changed");
  return exit_ok;
}

int delete_sync_project(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  if (context.is_dry_run()) {
    context.would("delete " + project.address() + " with " + std::to_string(project.open_tasks) +
                  " open tasks");
    return exit_ok;
  }
  if (!context.options().is_yes)
    throw CommandError(exit_needs_yes, ErrorKind::usage,
                       "deleting " + project.address() +
                           " deletes its tasks, their comments and what they said before",
                       "Add --yes if that is meant. Issues at GitHub stay as they are.");
  audited(context.who(), connection, {"project.delete", project.address()},
          [&] { sync::delete_project(connection, project.id); });
  if (context.is_json())
    print_json(context.out(), Json::object({{"project", project.address()}, {"is_deleted", true}}));
  else context.say(project.address() + " is deleted");
  return exit_ok;
}

int change_member(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  const auto project = sync::need_project(connection, arguments.required("project"));
  const auto username = arguments.required("user");
  const auto account = account_id_of(context, username);
  const bool is_adding = arguments.required("act") == "add";
  if (context.is_dry_run()) {
    context.say(std::string("would ") + (is_adding ? "add " : "remove ") + username);
    return exit_ok;
  }
  const auto role = arguments.text("role").value_or("member");
  audited(context.who(), connection,
          {is_adding ? "project.member_add" : "project.member_remove",
           project.address() + " " + username},
          [&] {
            if (is_adding) {
              sync::set_member(connection, project.id, account, role);
            } else if (!sync::remove_member(connection, project.id, account)) {
              throw Error(ErrorKind::not_found,
                          "unable to remove " + base::in_quotes(username) + ": he is no member",
                          "`devy-upload project show " + project.address() + "` lists them.",
                          "member_unknown");
            }
          });
  if (context.is_json())
    return show_found_project(context, sync::need_project(connection, project.id));
  context.say(username + (is_adding ? " is a member of " : " is no member any more of ") +
              project.address());
  return exit_ok;
}

Positional project_positional() {
  return {.name = "project", .help = "<user>/<slug>"};
}

}  // namespace

const Command& project_add_command() {
  static const Command command{
      .name = "project add",
      .summary = "make a project, whose tasks can be issues of repositories",
      .help = "Its owner is an admin of it. Everybody sees it, unless it is private.",
      .examples = {"devy-upload project add alice/plans --title 'Plans'"},
      .positionals = {project_positional()},
      .options = {{.name = "title", .value = "T", .help = "its title; the slug unless given"},
                  {.name = "private", .help = "only members see it"}},
      .run = add_sync_project};
  return command;
}

const Command& project_list_command() {
  static const Command command{
      .name = "project list",
      .summary = "list projects",
      .examples = {"devy-upload project list --json"},
      .run = [](Context& context, const Arguments&) { return list_sync_projects(context); }};
  return command;
}

const Command& project_show_command() {
  static const Command command{
      .name = "project show",
      .summary = "show a project, its members and its repositories",
      .examples = {"devy-upload project show alice/plans"},
      .positionals = {project_positional()},
      .run = [](Context& context, const Arguments& arguments) {
        return show_found_project(
            context, sync::need_project(context.database(), arguments.required("project")));
      }};
  return command;
}

const Command& project_edit_command() {
  static const Command command{
      .name = "project edit",
      .summary = "change a project's title and rules",
      .help =
          "Where both sides changed the same field differently, one side wins, and the other's "
          "value is kept as a lost version (`task restore`).",
      .examples = {"devy-upload project edit alice/plans --conflict local"},
      .positionals = {project_positional()},
      .options = {{.name = "title", .value = "T", .help = "its title"},
                  {.name = "visibility",
                   .value = "V",
                   .help = "who sees it",
                   .choices = {"public", "private"}},
                  {.name = "conflict",
                   .value = "SIDE",
                   .help = "the side that wins",
                   .choices = {"github", "local"}},
                  {.name = "on-delete",
                   .value = "ACT",
                   .help = "what becomes of a deleted task's issue",
                   .choices = {"close", "leave"}}},
      .run = edit_sync_project};
  return command;
}

const Command& project_delete_command() {
  static const Command command{.name = "project delete",
                               .summary = "delete a project that is not connected",
                               .help = "Issues at GitHub stay as they are.",
                               .examples = {"devy-upload project delete alice/plans --yes"},
                               .positionals = {project_positional()},
                               .run = delete_sync_project};
  return command;
}

const Command& project_member_command() {
  static const Command command{
      .name = "project member",
      .summary = "say who may do what in a project",
      .help = "Members add and edit tasks; admins connect repositories, too.",
      .examples = {"devy-upload project member add alice/plans bob --role admin",
                   "devy-upload project member remove alice/plans bob"},
      .positionals = {{.name = "act", .help = "what to do", .choices = {"add", "remove"}},
                      project_positional(),
                      {.name = "user", .help = "an account", .kind = ValueKind::account}},
      .options = {{.name = "role",
                   .value = "R",
                   .help = "add: what he may; member unless given",
                   .choices = {"admin", "member"}}},
      .run = change_member};
  return command;
}

}  // namespace devy::cli
