#include "core/publishing/store/prune.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/time_text.hpp"

// `prune`: old uploads and what belongs to them go, and files that no blog uses any more.

namespace devy::cli {
namespace {

Json pruned_json(const publishing::Pruned& pruned, bool is_dry_run) {
  return Json::object({{"uploads", pruned.uploads},
                       {"deliveries", pruned.deliveries},
                       {"bodies", pruned.bodies},
                       {"revisions", pruned.revisions},
                       {"assets", pruned.assets},
                       {"statuses", pruned.statuses},
                       {"is_dry_run", is_dry_run}});
}

std::string pruned_text(const publishing::Pruned& pruned) {
  return std::to_string(pruned.uploads) + " uploads, " + std::to_string(pruned.deliveries) +
         " deliveries, bodies of " + std::to_string(pruned.bodies) + " more, " +
         std::to_string(pruned.revisions) + " revisions of deleted posts, " +
         std::to_string(pruned.assets) + " unused files, " + std::to_string(pruned.statuses) +
         " records of statuses sent";
}

int run_prune(Context& context, const Arguments& arguments) {
  const auto& settings = context.config().prune;
  publishing::PruneOptions options{
      arguments.duration("older-than").value_or(settings.older_than),
      arguments.duration("bodies-older-than").value_or(settings.bodies_older_than), true};
  const auto waiting = publishing::prune(context.database(), options);
  const auto count = waiting.all();
  if (context.is_dry_run() || count == 0) {
    if (context.is_json()) print_json(context.out(), pruned_json(waiting, context.is_dry_run()));
    context.say(context.is_dry_run() ? "would delete " + pruned_text(waiting) : "nothing to prune");
    return exit_ok;
  }
  const auto older = "older than " + base::format_duration(options.older_than);
  confirm(context, {"delete",
                    static_cast<std::size_t>(count),
                    "row",
                    {std::to_string(waiting.uploads) + " ended uploads " + older,
                     std::to_string(waiting.deliveries) + " deliveries " + older,
                     "bodies of " + std::to_string(waiting.bodies) + " deliveries older than " +
                         base::format_duration(options.bodies_older_than),
                     std::to_string(waiting.revisions) + " revisions of deleted posts " + older,
                     std::to_string(waiting.assets) + " files that no post has used since",
                     std::to_string(waiting.statuses) + " records of statuses sent " + older}});
  options.is_dry_run = false;
  const auto pruned = publishing::prune(context.database(), options);
  if (context.is_json()) print_json(context.out(), pruned_json(pruned, false));
  context.say("deleted " + pruned_text(pruned));
  return exit_ok;
}

}  // namespace

const Command& prune_command() {
  static const Command command{
      .name = "prune",
      .summary = "delete old records of uploads, deliveries and deleted posts, and unused files",
      .help =
          "Never a blog's last upload, what another record points to, or a post. Asks first; "
          "without a terminal it needs --yes.",
      .examples = {"devy-upload prune --older-than 30d --dry-run"},
      .options = {{.name = "older-than",
                   .value = "D",
                   .help = "how old they must be, instead of prune.older_than",
                   .kind = ValueKind::duration},
                  {.name = "bodies-older-than",
                   .value = "D",
                   .help = "bodies of deliveries that stay, instead of prune.bodies_older_than",
                   .kind = ValueKind::duration}},
      .run = run_prune};
  return command;
}

}  // namespace devy::cli
