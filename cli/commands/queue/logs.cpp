#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/commands/queue/inspect_text.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/platform/queue/history.hpp"
#include "core/publishing/store/upload_json.hpp"

// `logs`: an upload's history, and with -f what is being added to it.

namespace devy::cli {
namespace {

// Prints events after the last one shown.
class EventPrinter {
 public:
  EventPrinter(Context& context, std::optional<std::int64_t> attempt)
      : context_(context), attempt_(attempt) {}

  void print_new(const base::UploadId& id) {
    const auto events =
        context_.patiently([&] { return queue::list_events(context_.database(), id, last_); });
    for (const auto& event : events) {
      last_ = event;
      if (attempt_ && event.attempt != *attempt_) continue;
      if (context_.is_json()) documents_.push(event_json(event));
      else context_.out() << event_line(event, context_.terminal().is_out_colored) << '\n';
    }
    context_.out().flush();
  }

  void end() const {
    if (context_.is_json()) print_json(context_.out(), documents_);
  }

 private:
  Context& context_;
  std::optional<std::int64_t> attempt_;
  std::optional<queue::EventRow> last_;
  Json documents_ = Json::array();
};

// The history of an operation that is no upload.
int show_other(Context& context, const queue::OperationRow& operation, const Arguments& arguments) {
  EventPrinter printer(context, arguments.number("attempt"));
  const auto is_over_now = [&] {
    const auto now =
        context.patiently([&] { return queue::find_operation(context.database(), operation.id); });
    return !now || now->finished_at || state_of(*now) == queue::State::held;
  };
  bool is_ended = !arguments.has("follow") || is_over_now();
  printer.print_new(id_of(operation));
  while (!is_ended && context.out().good()) {
    context.sleep(wait_interval);
    is_ended = is_over_now();
    printer.print_new(id_of(operation));
  }
  printer.end();
  return exit_ok;
}

int run_logs(Context& context, const Arguments& arguments) {
  if (const auto other = other_operation(context, arguments))
    return show_other(context, *other, arguments);
  auto& connection = context.database();
  const auto upload = publishing::find_upload(connection, arguments.required("id"));
  const auto attempt = arguments.number("attempt");
  if (attempt && *attempt > upload.attempt)
    throw base::Error(base::ErrorKind::not_found,
                      "unable to find attempt " + std::to_string(*attempt) + " of '" +
                          upload.id.text() + "': it has had " + std::to_string(upload.attempt),
                      "See `devy-upload inspect --attempts`.");
  EventPrinter printer(context, attempt);
  // The state is read before the events, so that those of the end are not missed.
  bool is_ended = !arguments.has("follow") || is_over(upload);
  printer.print_new(upload.id);
  while (!is_ended && context.out().good()) {
    context.sleep(wait_interval);
    is_ended =
        is_over(context.patiently([&] { return publishing::load_upload(connection, upload.id); }));
    printer.print_new(upload.id);
  }
  printer.end();
  if (!context.is_json() && !attempt)
    print_problems(context, publishing::load_upload(connection, upload.id));
  return exit_ok;
}

}  // namespace

const Command& logs_command() {
  static const Command command{
      .name = "logs",
      .summary = "show the history of an upload",
      .help =
          "A line an event: time, attempt, state and step, then error, reason and who. At the end, "
          "unless one attempt is asked for: which files are left out, file errors and warnings.",
      .examples = {"devy-upload logs @last -f", "devy-upload logs 1a2b3c4d --attempt 2"},
      .positionals = {{.name = "id",
                       .help = "id, prefix of one, @last or @last-failed",
                       .kind = ValueKind::upload}},
      .options = {{.name = "follow", .short_name = 'f', .help = "go on until the upload is over"},
                  {.name = "attempt",
                   .value = "N",
                   .help = "only this attempt; 0 is before the first",
                   .kind = ValueKind::number}},
      .run = run_logs};
  return command;
}

}  // namespace devy::cli
