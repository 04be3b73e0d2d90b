#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/prune_pass.hpp"
#include "core/systems.hpp"

// `prune`: what the daemon deletes when it is old goes now, batch by batch, or at another age.

namespace devy::cli {
namespace {

// Rows of each sort that are counted before anybody is asked; deleting has no such limit.
constexpr int counted_max = 100'000;

// The counts of all sorts of rows, in the order in which they are shown.
struct Shown {
  std::vector<queue::PruneName> names;
  queue::PruneCounts counts;
  bool is_more = false;

  [[nodiscard]] std::int64_t count(const std::string& name) const {
    const auto found = counts.find(name);
    return found == counts.end() ? 0 : found->second;
  }
  [[nodiscard]] std::int64_t sum() const {
    std::int64_t sum = 0;
    for (const auto& [name, count] : counts)
      sum += count;
    return sum;
  }
  void add(const queue::PruneCounts& more) {
    for (const auto& [name, count] : more)
      counts[name] += count;
  }
};

Json shown_json(const Shown& shown, bool is_dry_run) {
  auto document = Json::object();
  for (const auto& [name, text] : shown.names)
    document.set(name, shown.count(name));
  document.set("is_more", shown.is_more);
  document.set("is_dry_run", is_dry_run);
  return document;
}

std::string shown_text(const Shown& shown) {
  std::string text;
  for (const auto& [name, words] : shown.names)
    if (const auto count = shown.count(name); count > 0)
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + words;
  return (text.empty() ? "nothing" : text) + (shown.is_more ? ", and more" : "");
}

// One line for each sort of rows that has any.
std::vector<std::string> lines_of(const std::vector<queue::Prunable>& prunables,
                                  const Shown& waiting, const queue::PruneAges& ages) {
  std::vector<std::string> lines;
  for (const auto& prunable : prunables)
    for (const auto& [name, words] : prunable.names)
      if (const auto count = waiting.count(name); count > 0)
        lines.push_back(std::to_string(count) + " " + words + " older than " +
                        base::format_duration(ages.*prunable.age));
  if (waiting.is_more) lines.emplace_back("and more, which are not counted");
  return lines;
}

Shown estimate(Context& context, const std::vector<queue::Prunable>& prunables,
               const queue::PruneAges& ages) {
  Shown waiting;
  for (const auto& prunable : prunables) {
    context.check_stop();
    waiting.names.insert(waiting.names.end(), prunable.names.begin(), prunable.names.end());
    const auto found = prunable.estimate(context.database(), ages, counted_max);
    waiting.add(found.counts);
    waiting.is_more = waiting.is_more || found.is_more;
  }
  return waiting;
}

// Each batch is committed: what an interruption leaves is deleted by the next run.
Shown prune(Context& context, const std::vector<queue::Prunable>& prunables,
            const queue::PruneAges& ages, std::vector<queue::PruneName> names) {
  Shown pruned;
  pruned.names = std::move(names);
  ProgressLine progress(context);
  for (const auto& prunable : prunables)
    pruned.add(queue::prune_all(context.database(), prunable, ages,
                                queue::ages_of(context.config()), context.clock(),
                                [&](const queue::PruneCounts& counts) {
                                  std::int64_t sum = 0;
                                  for (const auto& [name, count] : counts)
                                    sum += count;
                                  progress.show("delete old " + prunable.name, std::to_string(sum));
                                  context.check_stop();
                                }));
  return pruned;
}

int run_prune(Context& context, const Arguments& arguments) {
  const auto configured = queue::ages_of(context.config());
  const queue::PruneAges ages{
      arguments.duration("older-than").value_or(configured.older_than),
      arguments.duration("bodies-older-than").value_or(configured.bodies_older_than),
      configured.changes_older_than};
  const auto prunables = systems::prunables();
  const auto waiting = estimate(context, prunables, ages);
  const bool is_empty = waiting.sum() == 0 && !waiting.is_more;
  if (is_empty && !context.is_dry_run())
    for (const auto& prunable : prunables)
      queue::note_whole_pass(context.database(), prunable, ages, configured, {});
  if (context.is_dry_run() || is_empty) {
    if (context.is_json()) print_json(context.out(), shown_json(waiting, context.is_dry_run()));
    else if (context.is_dry_run()) context.would("delete " + shown_text(waiting));
    if (!context.is_dry_run()) context.say("nothing to prune");
    return exit_ok;
  }
  confirm(context, {"delete", static_cast<std::size_t>(waiting.sum()), "row",
                    lines_of(prunables, waiting, ages), true});
  const auto pruned = prune(context, prunables, ages, waiting.names);
  if (context.is_json()) print_json(context.out(), shown_json(pruned, false));
  context.say("deleted " + shown_text(pruned));
  return exit_ok;
}

}  // namespace

const Command& prune_command() {
  static const Command command{
      .name = "prune",
      .summary = "delete old records of uploads, deliveries and deleted posts, and unused files",
      .help =
          "Never a blog's last upload, what another record points to, or a post. The daemon does "
          "it by itself every prune.every; this does it now. Batches of at most 1000 rows are "
          "committed one by one, so it can be interrupted and run again. Asks first; without a "
          "terminal it needs --yes.",
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
