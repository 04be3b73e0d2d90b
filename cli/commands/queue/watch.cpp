#include <algorithm>

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/commands/queue/watch_other.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/publishing/store/upload_json.hpp"

// `watch`: waits until all of some uploads are over and says how each ended.

namespace devy::cli {
namespace {

struct Watched {
  base::UploadId id;
  publishing::Upload upload;    // as last seen
  publishing::Upload deciding;  // the original of a duplicate, else the upload itself
  bool is_told = false;
};

// Returns true when it is over, which is then printed once.
bool look(Context& context, Watched& watched, Daemons& daemons, ProgressLine& progress) {
  if (watched.is_told) return true;
  context.patiently([&] {
    auto& connection = context.database();
    watched.upload = publishing::load_upload(connection, watched.id);
    watched.deciding = deciding_upload(connection, watched.upload, Follow::duplicates);
  });
  if (!is_over(watched.deciding)) {
    progress.show(phase_text(watched.deciding, daemons.are_there()));
    return false;
  }
  watched.is_told = true;
  if (context.is_json()) return true;
  progress.clear();
  print_end(context, watched.upload);
  if (watched.deciding.id != watched.upload.id)
    context.out() << "  which is: " << end_line(watched.deciding, context.terminal().is_out_colored)
                  << '\n';
  return true;
}

int exit_status(const std::vector<Watched>& all) {
  int status = exit_ok;
  for (const auto& watched : all) {
    const auto own = exit_status_of(watched.deciding);
    if (status != exit_unsuccessful && own != exit_ok) status = own;
  }
  return status;
}

int run_watch(Context& context, const Arguments& arguments) {
  if (const auto other = other_operation(context, arguments))
    return watch_other(context, *other, arguments.duration("timeout"));
  std::vector<Watched> all;
  for (const auto& name : arguments.all("id")) {
    const auto upload = publishing::find_upload(context.database(), name);
    all.push_back({upload.id, upload, upload, false});
  }
  const auto timeout = arguments.duration("timeout");
  const auto begun_at = context.clock().monotonic_now();
  {
    ProgressLine progress(context);
    Daemons daemons(context);
    while (true) {
      const auto over = std::count_if(all.begin(), all.end(), [&](Watched& watched) {
        return look(context, watched, daemons, progress);
      });
      context.out().flush();
      if (static_cast<std::size_t>(over) == all.size() || !context.out().good()) break;
      if (timeout && context.clock().monotonic_now() - begun_at >= *timeout) break;
      context.sleep(wait_interval);
    }
  }
  if (context.is_json())
    print_json(context.out(),
               json_array(all, [](const Watched& watched) { return upload_json(watched.upload); }));
  else
    for (const auto& watched : all)
      if (!watched.is_told) print_end(context, watched.upload);
  return exit_status(all);
}

}  // namespace

const Command& watch_command() {
  static const Command command{
      .name = "watch",
      .summary = "wait until uploads are over and say how they ended",
      .help =
          "Ends with 0 when all have completed, 3 when one ended otherwise or is held, 8 when "
          "the time ran out first. A duplicate stands for what it duplicates. Of operations of "
          "other kinds one at a time can be watched.",
      .examples = {"devy-upload watch @last", "devy-upload watch 1a2b3c4d 5e6f7a8b --timeout 5m"},
      .positionals = {{.name = "id",
                       .help = "id, prefix of one, @last or @last-failed",
                       .kind = ValueKind::upload,
                       .is_repeatable = true}},
      .options = {{.name = "exit-status",
                   .help = "let the exit status say how they ended; watch always does"},
                  {.name = "timeout",
                   .value = "D",
                   .help = "give up after so long",
                   .kind = ValueKind::duration}},
      .run = run_watch};
  return command;
}

}  // namespace devy::cli
