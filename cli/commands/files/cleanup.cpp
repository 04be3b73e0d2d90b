#include "core/files/cleanup/cleanup_handler.hpp"

#include "cli/commands/files/shown_file.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/store/owner_store.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/list.hpp"
#include "core/systems_run.hpp"

// `file cleanup` and `file stats`.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

// Counts without changing anything.
int show_due(Context& context) {
  const auto& settings = context.config().files;
  const auto disk = disk_of_node(context);
  auto& connection = context.database();
  const auto due = files::cleanup_due(connection, settings.node, settings.keep_deleted);
  const auto found = cleanup::find_orphans(connection, *disk, context.now(),
                                           [&](std::uint64_t) { context.check_stop(); });
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"uploads", due.uploads},
                                            {"temporary_files", due.files},
                                            {"tokens", due.tokens},
                                            {"deleted_files", due.purged},
                                            {"contents", due.contents},
                                            {"bytes", due.bytes},
                                            {"orphans", found.orphans.size()},
                                            {"would_be_held", found.are_many()}}));
    return exit_ok;
  }
  const auto line = [&](std::int64_t count, const char* text) {
    if (count > 0) context.out() << count << ' ' << text << '\n';
  };
  line(due.uploads, "uploads would expire");
  line(due.files, "temporary files would expire");
  line(due.tokens, "tokens would be forgotten");
  line(due.purged, "deleted files would be forgotten");
  line(due.contents, "contents would be deleted");
  line(static_cast<std::int64_t>(found.orphans.size()),
       found.are_many() ? "contents without a row would wait for `approve`"
                        : "contents without a row would be deleted");
  context.say(size_text(due.bytes) + " would be free at once");
  return exit_ok;
}

queue::OperationRow operation_now(Context& context, const base::OperationId& id) {
  auto operation = queue::find_operation(context.database(), id.text());
  if (!operation)
    throw Error(ErrorKind::not_found, "the clean-up is not there any more", "Start it again.");
  return *std::move(operation);
}

// Until it has ended, waits for a person, or somebody else runs it.
void run_cleanup_here(Context& context, const base::OperationId& id) {
  while (systems::run_here(
             context.conninfo(), context.config(), {.only = id}, [](const queue::Progress&) {},
             context.stop()) > 0)
    context.check_stop();
}

int run_file_cleanup(Context& context, const Arguments& arguments) {
  if (context.is_dry_run()) return show_due(context);
  const auto& settings = context.config().files;
  if (!settings.enabled)
    throw Error(ErrorKind::config, "files are off", "Set files.enabled in the configuration.");
  auto& connection = context.database();
  pg::Transaction transaction(connection);
  const auto recorded = files::record_operation(connection, files::cleanup_kind, settings.node,
                                                queue::Source::operator_, context.who());
  transaction.commit();
  queue::wake_workers(connection);
  if (recorded.is_joined) context.say("joined a clean-up that is under way");
  const bool is_here = arguments.has("here");
  if (is_here)
    wait_or_say(
        context, [&] { run_cleanup_here(context, recorded.id); },
        [&] { return std::vector{recorded.id.text()}; });
  const auto operation = operation_now(context, recorded.id);
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"id", operation.id},
                                            {"state", operation.state},
                                            {"error_code", operation.error_code},
                                            {"error", operation.error_text}}));
  } else {
    context.say(operation.id + " " + operation.state);
    if (operation.error_text) context.err() << "error: " << *operation.error_text << '\n';
  }
  const bool is_bad = operation.state == "failed" || operation.state == "held";
  return is_here && is_bad ? exit_unsuccessful : exit_ok;
}

int show_file_statistics(Context& context, const Arguments&) {
  const auto disk = disk_of_node(context);
  const auto statistics = files::read_statistics(context.database());
  const auto pending = files::pending_files(context.database());
  std::int64_t staging = 0;
  disk->list_staging([&](const std::string&, bool) { ++staging; });
  if (context.is_json()) {
    auto states = Json::object({}), waiting = Json::object({});
    for (const auto& [state, count] : statistics.files)
      states.set(state, count);
    for (const auto& kind : pending)
      waiting.set(kind.kind, kind.count);
    print_json(context.out(), Json::object({{"files", states},
                                            {"contents", statistics.contents},
                                            {"bytes", statistics.bytes},
                                            {"shared_bytes", statistics.shared_bytes},
                                            {"staging", staging},
                                            {"pending", waiting}}));
    return exit_ok;
  }
  auto& out = context.out();
  for (const auto& [state, count] : statistics.files)
    out << "files      " << count << ' ' << state << '\n';
  out << "contents   " << statistics.contents << ", " << size_text(statistics.bytes) << '\n'
      << "shared     " << size_text(statistics.shared_bytes) << '\n'
      << "staging    " << staging << '\n';
  for (const auto& kind : pending)
    if (kind.count > 0) out << "pending    " << kind.count << " to " << kind.kind << '\n';
  return exit_ok;
}

}  // namespace

const Command& file_cleanup_command() {
  static const Command command{
      .name = "file cleanup",
      .summary = "delete what nobody has any more on this machine",
      .help =
          "The daemon does it every files.cleanup_every. Uploads, temporary files and tokens whose "
          "time is over expire; files that were deleted long enough ago are forgotten, with the "
          "bytes that no file has; bytes that no row knows are deleted when they are an hour old. "
          "Where these are many, it waits for `approve`. --dry-run counts.",
      .examples = {"devy-upload file cleanup --dry-run", "devy-upload file cleanup --here"},
      .options = {here_option()},
      .run = run_file_cleanup};
  return command;
}

const Command& file_stats_command() {
  static const Command command{.name = "file stats",
                               .summary = "count files, their bytes and what waits",
                               .examples = {"devy-upload file stats --json"},
                               .run = show_file_statistics};
  return command;
}

}  // namespace devy::cli
