#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/systems.hpp"

// `prune`: old uploads and what belongs to them go, and files that no blog uses any more.

namespace devy::cli {
namespace {

using Counts = std::vector<queue::PruneCount>;

// A dry run does everything and rolls it back: it reports what would happen.
Counts prune(pg::Connection& connection, const queue::PruneAges& ages, bool is_dry_run) {
  pg::Transaction transaction(connection);
  auto counts = systems::prune(connection, ages);
  if (!is_dry_run) transaction.commit();
  return counts;
}

Json pruned_json(const Counts& counts, bool is_dry_run) {
  auto document = Json::object();
  for (const auto& count : counts)
    document.set(count.name, count.count);
  document.set("is_dry_run", is_dry_run);
  return document;
}

std::string pruned_text(const Counts& counts) {
  std::string text;
  for (const auto& count : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count.count) + " " + count.text;
  return text;
}

int run_prune(Context& context, const Arguments& arguments) {
  const auto& settings = context.config().prune;
  const queue::PruneAges ages{
      arguments.duration("older-than").value_or(settings.older_than),
      arguments.duration("bodies-older-than").value_or(settings.bodies_older_than)};
  const auto waiting = prune(context.database(), ages, true);
  std::int64_t rows = 0;
  std::vector<std::string> lines;
  for (const auto& count : waiting) {
    rows += count.count;
    const auto age = count.name == "bodies" ? ages.bodies_older_than : ages.older_than;
    lines.push_back(std::to_string(count.count) + " " + count.text + " older than " +
                    base::format_duration(age));
  }
  if (context.is_dry_run() || rows == 0) {
    if (context.is_json()) print_json(context.out(), pruned_json(waiting, context.is_dry_run()));
    context.say(context.is_dry_run() ? "would delete " + pruned_text(waiting) : "nothing to prune");
    return exit_ok;
  }
  confirm(context, {"delete", static_cast<std::size_t>(rows), "row", lines});
  const auto pruned = prune(context.database(), ages, false);
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
