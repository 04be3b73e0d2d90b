#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/publishing/store/upload_json.hpp"

// `approve`: lets a held upload pass its guard.

namespace devy::cli {
namespace {

void approve_audited(Context& context, const base::OperationId& id, const Arguments& arguments) {
  const auto reason = arguments.text("reason").value_or("");
  audited(context.who(), context.database(), {"operation.approve", id.text(), reason},
          [&] { queue::approve(context.database(), id, context.who(), reason); });
}

int approve_other(Context& context, const Arguments& arguments,
                  const queue::OperationRow& operation) {
  const auto id = id_of(operation);
  if (const auto obstacle = queue::approve_obstacle(id, state_of(operation)))
    throw context.is_dry_run() ? would_be_refused(*obstacle) : base::Error(*obstacle);
  if (!context.is_dry_run()) {
    approve_audited(context, id, arguments);
    queue::wake_workers(context.database());
  }
  print_other(context, operation, context.is_dry_run() ? "would approve" : "approved");
  return exit_ok;
}

int run_approve(Context& context, const Arguments& arguments) {
  auto& connection = context.database();
  if (const auto other = other_operation(context, arguments))
    return approve_other(context, arguments, *other);
  const auto held = publishing::find_upload(connection, arguments.required("id"));
  if (context.is_dry_run()) {
    if (const auto obstacle = queue::approve_obstacle(held.id, held.state))
      throw would_be_refused(*obstacle);
    if (context.is_json())
      print_json(context.out(), Json::object({{"id", held.id},
                                              {"blog", held.blog},
                                              {"result", "would approve"},
                                              {"error", Json()}}));
    else context.would("approve " + held.id.text() + ": " + counts_text(held.changes));
    return exit_ok;
  }
  approve_audited(context, held.id, arguments);
  queue::wake_workers(connection);
  const auto upload = publishing::load_upload(connection, held.id);
  if (context.is_json()) print_json(context.out(), upload_json(upload));
  else print_end(context, upload);
  return exit_ok;
}

}  // namespace

const Command& approve_command() {
  static const Command command{
      .name = "approve",
      .summary = "let a held upload go on",
      .help =
          "A guard holds an upload that would delete too much of a blog. Look at it first with "
          "`devy-upload inspect <id> --changes`.",
      .examples = {"devy-upload approve 1a2b3c4d --reason 'the author moved the blog'"},
      .positionals = {{.name = "id",
                       .help = "id, prefix of one, @last or @last-failed",
                       .kind = ValueKind::upload}},
      .options = {reason_option()},
      .run = run_approve};
  return command;
}

}  // namespace devy::cli
