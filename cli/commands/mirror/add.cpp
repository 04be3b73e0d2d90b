#include "cli/commands/mirror/load_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/mirror/scan/load.hpp"

// `mirror add` and `mirror remove`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

scan::Target repository_target(const Arguments& arguments) {
  auto target = scan::parse_target(arguments.required("repository"));
  if (!target.list.empty() || target.is_user())
    throw Error(ErrorKind::usage, "'" + target.text() + "' is not a repository",
                "Write owner/name; `devy-upload mirror load` takes its lists.");
  return target;
}

int add_mirror(Context& context, const Arguments& arguments) {
  const auto target = scan::parse_target(arguments.required("repository"));
  if (!target.list.empty()) static_cast<void>(repository_target(arguments));  // refuses it
  scan::require_mirror(context.config());
  if (context.is_dry_run()) {
    context.would(std::string("add ") + (target.is_user() ? "the repositories of " : "") +
                  target.text() + (arguments.has("no-load") ? "" : " and load the lists"));
    return exit_ok;
  }
  scan::LoadOptions options;
  options.is_adding = true;
  options.has_children = !arguments.has("no-load");
  options.request.requested_by = context.who();
  auto& connection = context.database();
  const auto recorded = scan::record_load(connection, context.config(), target, options);
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

void purge_mirror(Context& context, const mirror::Repository& repository) {
  const auto counts = mirror::count_rows(context.database(), repository.id);
  std::int64_t rows = 0;
  for (const auto& [name, count] : counts.rows)
    rows += count;
  if (!context.options().is_yes)
    throw CommandError(
        exit_needs_yes, ErrorKind::usage,
        "purging " + repository.full_name + " deletes " + std::to_string(rows) + " rows",
        "Add --yes if that is meant; without --purge the rows stay.");
  pg::Transaction transaction(context.database());
  mirror::set_mirrored(context.database(), repository.id, false, std::nullopt);
  mirror::purge_repository(context.database(), repository.id);
  transaction.commit();
}

int remove_mirror(Context& context, const Arguments& arguments) {
  const auto target = repository_target(arguments);
  auto& connection = context.database();
  const auto repository = mirror::find_repository(connection, target.repository);
  if (!repository || !repository->is_mirrored)
    throw Error(ErrorKind::not_found, "'" + target.text() + "' is not mirrored",
                "`devy-upload mirror list` shows what is.");
  const bool is_purged = arguments.has("purge");
  if (context.is_dry_run()) {
    context.would("mirror " + repository->full_name + " no more" +
                  (is_purged ? ", and delete its rows" : "; its rows stay"));
    return exit_ok;
  }
  if (is_purged) purge_mirror(context, *repository);
  else mirror::set_mirrored(connection, repository->id, false, std::nullopt);
  if (context.is_json())
    print_json(context.out(), Json::object({{"repository", repository->full_name},
                                            {"id", repository->id},
                                            {"is_mirrored", false},
                                            {"is_purged", is_purged}}));
  else
    context.say(repository->full_name + " is mirrored no more" +
                (is_purged ? ", and its rows are deleted" : "; its rows stay"));
  return exit_ok;
}

Positional repository_positional() {
  return {.name = "repository", .help = "owner/name"};
}

}  // namespace

const Command& mirror_add_command() {
  static const Command command{
      .name = "mirror add",
      .summary = "mirror a repository of GitHub, or a user's, and load it",
      .help =
          "Asks GitHub who the repository is, and reads its labels, milestones, issues, pull "
          "requests, files and, for its administrators, webhooks into the tables of schema "
          "github. A login stands for all repositories that the user or organization owns.",
      .examples = {"devy-upload mirror add alice/notes --here",
                   "devy-upload mirror add alice/notes --wait=10m",
                   "devy-upload mirror add alice --wait=1h"},
      .positionals = {{.name = "repository", .help = "owner/name, or a login"}},
      .options = {{.name = "no-load", .help = "do not read its lists"},
                  wait_option(),
                  here_option()},
      .run = add_mirror};
  return command;
}

const Command& mirror_remove_command() {
  static const Command command{.name = "mirror remove",
                               .summary = "mirror a repository no more",
                               .help = "Its rows stay as they are, unless --purge deletes them.",
                               .examples = {"devy-upload mirror remove alice/notes --purge --yes"},
                               .positionals = {repository_positional()},
                               .options = {{.name = "purge", .help = "delete its rows, too"}},
                               .run = remove_mirror};
  return command;
}

}  // namespace devy::cli
