#include "core/mirror/scan/load.hpp"

#include "cli/commands/mirror/load_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"

// `mirror load`: reads something at GitHub again.

namespace devy::cli {
namespace {

int load_mirror(Context& context, const Arguments& arguments) {
  const auto target = scan::parse_target(arguments.required("target"));
  scan::LoadOptions options;
  options.state = arguments.required("state");
  options.has_children = arguments.has("children");
  options.request.requested_by = context.who();
  options.request.reason = arguments.text("reason").value_or("");
  if (options.has_children && !target.list.empty() && !target.is_user())
    throw base::Error(base::ErrorKind::usage, "only a repository has children",
                      "Leave --children out, or load " + target.repository + ".");
  scan::require_mirror(context.config());
  if (context.is_dry_run()) {
    context.would("load " + target.text());
    return exit_ok;
  }
  auto& connection = context.database();
  const auto recorded = scan::record_load(connection, context.config(), target, options);
  if (recorded.is_joined) context.say("joined a load that is under way");
  const auto waiting = wait_options(arguments);
  if (waiting) say_recorded(context, recorded.id.text(), target.text());
  const auto load =
      waiting ? wait_or_say(
                    context, [&] { return wait_for_load(context, recorded.id, *waiting); },
                    [&] { return std::vector{recorded.id.text()}; })
              : mirror::load_status(connection, recorded.id);
  print_load(context, load);
  return waiting ? exit_status_of(load) : exit_ok;
}

}  // namespace

const Command& mirror_load_command() {
  static const Command command{
      .name = "mirror load",
      .summary = "read a repository, a list of it or one thing from GitHub again",
      .help =
          "Targets: owner/name; owner/name/LIST, where LIST is labels, milestones, issues, pulls, "
          "hooks, comments or files (details and files of pull requests); owner/name/LIST/NUMBER, "
          "or a label's name, or the id of a hook or a comment; owner/name/collaborators/LOGIN; a "
          "login, for the repositories of that user. A second load of a list joins the first.",
      .examples = {"devy-upload mirror load alice/notes --children --wait=10m",
                   "devy-upload mirror load alice/notes/issues --here",
                   "devy-upload mirror load alice/notes/pulls/7 --here"},
      .positionals = {{.name = "target", .help = "owner/name[/LIST[/KEY]], or a login"}},
      .options = {{.name = "state",
                   .value = "S",
                   .help = "of the items of a list",
                   .default_value = "all",
                   .choices = {"open", "closed", "all"}},
                  {.name = "children", .help = "the lists of the repository, too"},
                  wait_option(),
                  here_option(),
                  {.name = "reason", .value = "T", .help = "kept with the load"}},
      .run = load_mirror};
  return command;
}

}  // namespace devy::cli
