#include "core/mirror/hook/install.hpp"

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/mirror/scan/load.hpp"
#include "core/platform/base/count_text.hpp"

// `mirror install` and `mirror uninstall`: the webhook by which GitHub tells of changes.

namespace devy::cli {
namespace {

std::string hooked_repository(const Arguments& arguments) {
  const auto target = scan::parse_target(arguments.required("repository"));
  if (!target.list.empty() || target.is_user())
    throw base::Error(base::ErrorKind::usage, "'" + target.text() + "' is not a repository",
                      "Write owner/name.");
  return target.repository;
}

int install_hook(Context& context, const Arguments& arguments) {
  const auto repository = hooked_repository(arguments);
  scan::require_mirror(context.config());
  if (context.is_dry_run()) {
    context.say("would install a webhook at " + repository);
    return exit_ok;
  }
  hook::Installer installer(context.database(), context.config(), context.clock());
  const auto installed = installer.install(repository);
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
    context.say("would remove our webhooks from " + repository);
    return exit_ok;
  }
  hook::Installer installer(context.database(), context.config(), context.clock());
  const auto removed = installer.uninstall(repository);
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

Positional hooked_positional() {
  return {.name = "repository", .help = "owner/name"};
}

}  // namespace

const Command& mirror_install_command() {
  static const Command command{
      .name = "mirror install",
      .summary = "have GitHub tell of what changes in a repository",
      .help =
          "Adds a webhook that sends to mirror.hook_url, signed with the newest secret of "
          "webhook.secrets that is for the repository, or for all; one of ours that is there "
          "is mended, and keeps its other events. The credential must be an administrator's.",
      .examples = {"devy-upload mirror install alice/notes"},
      .positionals = {hooked_positional()},
      .run = install_hook};
  return command;
}

const Command& mirror_uninstall_command() {
  static const Command command{
      .name = "mirror uninstall",
      .summary = "remove our webhooks from a repository",
      .help =
          "Those that send to mirror.hook_url. One that has other events besides, such as a "
          "blog's pushes, stays with these.",
      .examples = {"devy-upload mirror uninstall alice/notes"},
      .positionals = {hooked_positional()},
      .run = uninstall_hook};
  return command;
}

}  // namespace devy::cli
