#include "cli/commands/files/shown_file.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/files/storing/moving.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/systems_run.hpp"

// `file move`: brings contents from the disk to S3, or back.

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int moved_at_once = 100;  // contents of a transaction, or of a list

struct MoveCounts {
  std::int64_t contents = 0, bytes = 0, lost = 0;
};

void require_s3(Context& context) {
  if (context.config().files.s3.endpoint.empty())
    throw Error(ErrorKind::config, "files.s3.endpoint is not set",
                "Say in the section files.s3 where S3 is.");
}

// Each batch is committed: whoever is stopped goes on later. Daemons send the contents.
MoveCounts begin_moves(Context& context) {
  auto& connection = context.database();
  const auto& node = context.config().files.node;
  MoveCounts counts;
  while (true) {
    context.check_stop();
    pg::Transaction transaction(connection);
    const auto contents = files::begin_move_to_s3(connection, node, moved_at_once);
    for (const auto& sha256 : contents)
      files::record_store(connection, sha256, node, queue::Source::operator_);
    transaction.commit();
    if (contents.empty()) return counts;
    queue::wake_workers(connection);
    counts.contents += static_cast<std::int64_t>(contents.size());
    context.say(std::to_string(counts.contents) + " contents on their way");
  }
}

// Runs what waits for S3 on this node, each content once. Returns how many there were.
std::int64_t store_here(Context& context) {
  std::int64_t count = 0;
  auto& connection = context.database();
  const auto& node = context.config().files.node;
  std::optional<base::Sha256> behind;
  while (true) {
    const auto contents = files::pending_contents(connection, node, behind, moved_at_once);
    if (contents.empty()) return count;
    for (const auto& sha256 : contents) {
      context.check_stop();
      ++count;
      auto operation = files::find_store(connection, sha256);
      if (!operation)
        operation = files::record_store(connection, sha256, node, queue::Source::operator_);
      if (operation)
        systems::run_here(
            context.conninfo(), context.config(), {.only = *operation},
            [](const queue::Progress&) {}, context.stop());
    }
    behind = contents.back();
  }
}

MoveCounts bring_back(Context& context) {
  auto& connection = context.database();
  const auto disk = disk_of_node(context);
  const auto& settings = context.config().files;
  const auto client = s3::make_client(settings.s3);
  MoveCounts counts;
  std::optional<base::Sha256> behind;
  while (true) {
    const auto contents = files::contents_in_s3(connection, behind, moved_at_once);
    if (contents.empty()) return counts;
    for (const auto& content : contents) {
      context.check_stop();
      if (content.state != "stored") continue;
      const auto moved = storing::move_to_disk(connection, *disk, *client, settings, content,
                                               [&](std::string_view) { context.check_stop(); });
      if (moved == storing::Moved::lost) {
        ++counts.lost;
        context.err() << "error: the bytes of " << base::to_hex(content.sha256)
                      << " are not in S3, or others\n";
      }
      if (moved != storing::Moved::done) continue;
      ++counts.contents;
      counts.bytes += content.size;
    }
    context.say(std::to_string(counts.contents) + " contents moved, " + size_text(counts.bytes));
    behind = contents.back().sha256;
  }
}

int move_files(Context& context, const Arguments& arguments) {
  require_s3(context);
  const bool is_to_s3 = arguments.required("to") == "s3";
  if (context.is_dry_run()) {
    context.would(std::string("move all contents ") +
                  (is_to_s3 ? "of this node's disk to S3" : "of S3 to this node's disk"));
    return exit_ok;
  }
  const bool is_here = arguments.has("here");
  if (is_here && !is_to_s3)
    throw Error(ErrorKind::usage, "--here is for --to s3", "To the disk it always runs here.");
  const auto counts = is_to_s3 ? begin_moves(context) : bring_back(context);
  if (is_here)
    context.say(std::to_string(store_here(context)) + " contents were on their way to S3");
  if (context.is_json())
    print_json(context.out(), Json::object({{"to", is_to_s3 ? "s3" : "disk"},
                                            {"contents", counts.contents},
                                            {"bytes", counts.bytes},
                                            {"lost", counts.lost}}));
  else if (counts.contents == 0 && counts.lost == 0 && !is_here)
    context.say("nothing is to be moved");
  return counts.lost == 0 ? exit_ok : exit_problems_found;
}

}  // namespace

const Command& file_move_command() {
  static const Command command{
      .name = "file move",
      .summary = "bring the contents of files to S3, or back to this machine's disk",
      .help =
          "files.storage says where new contents go; this moves those that are there. To S3: each "
          "is "
          "an operation `file_store`, which the daemon of this node runs; it is served from the "
          "disk "
          "until it is there, and `file stats` counts how many wait. To the disk: they are read "
          "one "
          "after the other, and deleted in S3. Stopped, it goes on when it is called again.",
      .examples = {"devy-upload file move --to s3"},
      .options = {{.name = "to",
                   .value = "STORAGE",
                   .help = "where they are to be",
                   .choices = {"disk", "s3"}},
                  here_option()},
      .run = move_files};
  return command;
}

}  // namespace devy::cli
