#include "cli/commands/mirror/hook_json.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/table.hpp"
#include "core/mirror/hook/install.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/web/audit_store.hpp"

// `mirror hook list`, `install` and `uninstall`: the webhook by which GitHub tells of changes.

namespace devy::cli {
namespace {

std::string hooked_repository(const Arguments& arguments) {
  const auto target = scan::parse_target(arguments.required("repository"));
  if (!target.list.empty() || target.is_user())
    throw base::Error(base::ErrorKind::usage, "'" + target.text() + "' is not a repository",
                      "Write owner/name.");
  return target.repository;
}

void note_hook_act(Context& context, const char* act, const std::string& repository) {
  web::record_act(context.database(), {.actor = context.who(), .act = act, .target = repository});
}

int install_hook(Context& context, const Arguments& arguments) {
  const auto repository = hooked_repository(arguments);
  scan::require_mirror(context.config());
  if (context.is_dry_run()) {
    context.would("install a webhook at " + repository);
    return exit_ok;
  }
  hook::Installer installer(context.database(), context.config(), context.clock());
  const auto installed = installer.install(repository);
  note_hook_act(context, "hook.install", installed.repository);
  if (context.is_json())
    print_json(context.out(), Json::object({{"message", "success"},
                                            {"repository", installed.repository},
                                            {"id", installed.hook_id},
                                            {"is_new", installed.is_new}}));
  else
    context.say(installed.repository + ": webhook " + std::to_string(installed.hook_id) +
                (installed.is_new ? " installed" : " was there, and is as it has to be"));
  return exit_ok;
}

Json ids_json(const std::vector<std::int64_t>& hook_ids) {
  auto ids = Json::array();
  for (const auto id : hook_ids)
    ids.push(id);
  return ids;
}

int uninstall_hook(Context& context, const Arguments& arguments) {
  const auto repository = hooked_repository(arguments);
  scan::require_mirror(context.config());
  if (context.is_dry_run()) {
    context.would("remove our webhooks from " + repository);
    return exit_ok;
  }
  hook::Installer installer(context.database(), context.config(), context.clock());
  const auto removed = installer.uninstall(repository);
  note_hook_act(context, "hook.uninstall", removed.repository);
  const bool is_any = !removed.hook_ids.empty();
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"message", is_any ? "deleted" : "no hooks deleted"},
                                            {"repository", removed.repository},
                                            {"ids", ids_json(removed.hook_ids)},
                                            {"kept", ids_json(removed.kept_ids)}}));
    return exit_ok;
  }
  if (!removed.kept_ids.empty()) {
    context.say(removed.repository + ": " + base::count_text(removed.kept_ids.size(), "webhook") +
                " kept for a blog; the mirror's own events are not among its events any more");
    if (!is_any) return exit_ok;
  }
  context.say(removed.repository +
              (is_any ? ": " + base::count_text(removed.hook_ids.size(), "webhook") + " removed"
                      : ": no webhook is ours"));
  return exit_ok;
}

Json hook_line_json(const mirror::Repository& repository, const mirror::HookState& hook) {
  return Json::object(
      {{"full_name", repository.full_name}, {"id", repository.id}, {"hook", hook_json(hook)}});
}

int list_hooks(Context& context) {
  auto& connection = context.database();
  const auto repositories = mirror::list_repositories(connection);
  std::vector<std::int64_t> ids;
  for (const auto& repository : repositories)
    ids.push_back(repository.id);
  const auto states = mirror::hook_states(connection, ids);
  if (context.is_json()) {
    auto array = Json::array();
    for (const auto& repository : repositories)
      array.push(hook_line_json(repository, states.at(repository.id)));
    print_json(context.out(), array);
    return exit_ok;
  }
  Table table({{.title = "REPOSITORY", .is_elastic = true}, {"HOOK"}, {"ID"}, {"LAST PING"}});
  for (const auto& repository : repositories) {
    const auto& hook = states.at(repository.id);
    const auto color = hook.state == "on"     ? Color::green
                       : hook.state == "lost" ? Color::red
                                              : Color::none;
    table.add({repository.full_name, Cell(hook.state, color),
               hook.id ? std::to_string(*hook.id) : "-", context.time_text(hook.last_ping_at)});
  }
  if (table.empty()) context.say("nothing is mirrored; add one with `devy-upload mirror add`");
  else table.print(context.terminal());
  return exit_ok;
}

int run_hook(Context& context, const Arguments& arguments) {
  const auto act = arguments.required("act");
  if (act == "install") return install_hook(context, arguments);
  if (act == "uninstall") return uninstall_hook(context, arguments);
  if (arguments.has("repository"))
    throw base::Error(base::ErrorKind::usage, "unable to list the webhook of one repository",
                      "`devy-upload mirror status` shows it.");
  return list_hooks(context);
}

}  // namespace

Json hook_json(const mirror::HookState& hook) {
  return Json::object(
      {{"id", hook.id}, {"state", hook.state}, {"last_ping_at", hook.last_ping_at}});
}

const Command& mirror_hook_command() {
  static const Command command{
      .name = "mirror hook",
      .summary = "list, install or uninstall the webhooks by which GitHub tells of changes",
      .help =
          "install adds a webhook that sends to mirror.hook_url, signed with the newest secret of "
          "webhook.secrets that is for the repository, or for all; one of ours that is there is "
          "mended, and keeps its other events. uninstall removes it, or, where a blog needs it, "
          "the mirror's events from it. The credential must be an administrator's.\n\n"
          "list shows of each mirrored repository whether it is on, unconfirmed (GitHub has sent "
          "no ping within a minute), lost or off.",
      .examples = {"devy-upload mirror hook list", "devy-upload mirror hook install alice/notes"},
      .positionals = {{.name = "act",
                       .help = "what to do",
                       .choices = {"list", "install", "uninstall"}},
                      {.name = "repository", .help = "owner/name", .is_optional = true}},
      .run = run_hook};
  return command;
}

}  // namespace devy::cli
