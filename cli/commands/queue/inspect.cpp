#include "cli/commands/publishing/preview_json.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/commands/queue/inspect_text.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/commands/queue/step_times.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/queue/history.hpp"
#include "core/publishing/store/upload_json.hpp"

// `inspect`: everything about one upload.

namespace devy::cli {
namespace {

// The changeset as `diff --json` writes one; null before there is one.
Json changeset_json(Context& context, const publishing::Upload& upload) {
  const auto preview = stored_preview(context, upload);
  return preview ? changes_json(*preview) : Json();
}

// The sections exist only where they were asked for, so the plain document stays cli.md's.
void print_document(Context& context, const Arguments& arguments,
                    const publishing::Upload& upload) {
  auto document = upload_json(upload);
  auto& connection = context.database();
  if (arguments.has("attempts"))
    document.set("steps",
                 json_array(step_times(queue::list_events(connection, upload.id), context.now()),
                            step_time_json));
  if (arguments.has("attempts"))
    document.set("attempts",
                 json_array(queue::list_attempts(connection, upload.id), queue::attempt_json));
  if (arguments.has("events"))
    document.set("events",
                 json_array(queue::list_events(connection, upload.id), queue::event_json));
  if (arguments.has("changes")) document.set("changeset", changeset_json(context, upload));
  print_json(context.out(), document);
}

int run_inspect(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  if (const auto other = other_operation(context, arguments)) {
    print_other(context, *other, "");
    return exit_ok;
  }
  const auto upload = publishing::find_upload(connection, arguments.required("id"));
  if (context.is_json()) {
    print_document(context, arguments, upload);
  } else {
    print_upload(context, upload);
    print_problems(context, upload);
    if (arguments.has("changes")) print_changes(context, upload);
    if (arguments.has("attempts")) print_attempts(context, upload);
    if (arguments.has("events")) print_events(context, upload);
  }
  if (!arguments.has("exit-status")) return exit_ok;
  return exit_status_of(deciding_upload(connection, upload, Follow::duplicates));
}

}  // namespace

const Command& inspect_command() {
  static const Command command{
      .name = "inspect",
      .aliases = {"show"},
      .summary = "show everything about an upload",
      .help = "With --exit-status: 0 completed, 3 ended otherwise or held, 8 not over yet.",
      .examples = {"devy-upload inspect @last --changes",
                   "devy-upload inspect 1a2b3c4d --attempts --events --json"},
      .positionals = {{.name = "id",
                       .help = "id, prefix of one, @last or @last-failed",
                       .kind = ValueKind::upload}},
      .options = {{.name = "attempts",
                   .help = "each attempt with its worker and its end; in JSON the steps, too"},
                  {.name = "events", .help = "its history"},
                  {.name = "changes", .help = "the paths it changed"},
                  {.name = "exit-status", .help = "let the exit status say how it ended"}},
      .run = run_inspect};
  return command;
}

}  // namespace devy::cli
