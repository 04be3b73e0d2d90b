#include "cli/commands/publishing/upload_selection.hpp"
#include "cli/commands/queue/audited.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/confirm.hpp"
#include "core/platform/queue/ingest.hpp"

// `cancel`: ends what waits, asks what runs to stop.

namespace devy::cli {
namespace {

// The database keeps one text about a cancellation, so it has to say who as well.
std::string reason_text(Context& context, const Arguments& arguments) {
  const auto reason = arguments.text("reason");
  return reason ? *reason + " (" + context.who() + ")" : "cancelled by " + context.who();
}

queue::State cancel_audited(Context& context, const base::OperationId& id,
                            const Arguments& arguments) {
  return audited(context.who(), context.database(),
                 {"operation.cancel", id.text(), arguments.text("reason").value_or("")}, [&] {
                   return queue::cancel(context.database(), id, arguments.has("force"),
                                        reason_text(context, arguments));
                 });
}

int cancel_other(Context& context, const Arguments& arguments,
                 const queue::OperationRow& operation) {
  const auto id = id_of(operation);
  if (const auto obstacle = queue::cancel_obstacle(id, state_of(operation)))
    throw context.is_dry_run() ? would_be_refused(*obstacle) : base::Error(*obstacle);
  if (context.is_dry_run()) {
    print_other(context, operation, "would cancel");
    return exit_ok;
  }
  const auto state = cancel_audited(context, id, arguments);
  print_other(context, operation, state == queue::State::cancelled ? "cancelled" : "asked to stop");
  return exit_ok;
}

int run_cancel(Context& context, const Arguments& arguments) {
  if (const auto other = other_operation(context, arguments))
    return cancel_other(context, arguments, *other);
  const auto selection = select_uploads(context, arguments, open_states());
  const auto act = [&](const publishing::Upload& upload) -> std::string {
    const auto state = cancel_audited(context, upload.id, arguments);
    return state == queue::State::cancelled ? "cancelled" : "asked to stop";
  };
  const auto consider = [](const publishing::Upload& upload) -> std::string {
    if (const auto obstacle = queue::cancel_obstacle(upload.id, upload.state))
      throw base::Error(*obstacle);
    const bool is_running =
        upload.state == queue::State::scheduled || upload.state == queue::State::processing;
    return is_running ? "would ask to stop" : "would cancel";
  };
  return run_bulk(context, selection, {"cancel", act, consider});
}

}  // namespace

const Command& cancel_command() {
  static const Command command{
      .name = "cancel",
      .summary = "cancel uploads",
      .help =
          "What waits ends at once. What runs is asked to stop and does so at its next step; "
          "--force takes it from its worker without waiting for that.",
      .examples = {"devy-upload cancel 1a2b3c4d --reason 'wrong branch'",
                   "devy-upload cancel --blog alice/blog --state verified"},
      .positionals = {{.name = "id",
                       .help = "id, prefix of one, @last or @last-failed",
                       .kind = ValueKind::upload,
                       .is_optional = true,
                       .is_repeatable = true}},
      .options = {state_option(open_states()),
                  blog_option(),
                  code_option(),
                  since_option(),
                  until_option(),
                  {.name = "force", .help = "do not wait for the worker to notice"},
                  reason_option()},
      .run = run_cancel};
  return command;
}

}  // namespace devy::cli
