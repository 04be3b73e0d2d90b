#include <mutex>
#include <optional>

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/queue/list.hpp"
#include "core/platform/queue/stats.hpp"
#include "core/systems_run.hpp"

// `poll`: the worker's loop in the foreground.

namespace devy::cli {
namespace {

int say_waiting(Context& context) {
  constexpr base::Duration window{0};
  const auto stats = queue::queue_stats(context.database(), window);
  std::int64_t waiting = 0;
  for (const auto& state : stats.states)
    if (state.state == "verified") waiting = state.count;
  context.would("run what is due of " + std::to_string(waiting) + " waiting");
  return exit_ok;
}

// Tells how each operation ended: a line each as it happens, or all in one document. Lanes run in
// threads of their own, so everything is behind one lock.
class Told {
 public:
  explicit Told(Context& context) : context_(context), progress_(std::in_place, context) {}

  void show(const queue::Progress& step) {
    const std::lock_guard lock(mutex_);
    progress_->show(step);
  }

  void note(const queue::RunResult& result) noexcept {
    const std::lock_guard lock(mutex_);
    try {
      const auto found = queue::find_operation(context_.database(), result.id.text());
      if (!found) return;
      if (context_.is_json()) documents_.push(document_of(*found, result));
      else print(*found, result);
    } catch (const std::exception& error) {
      // The queue has the result, whether or not it could be shown.
      base::log::warning("result not shown",
                         {{"operation", result.id.text()}, {"error", error.what()}});
    }
  }

  [[nodiscard]] Json release() {
    progress_.reset();
    return std::move(documents_);
  }

 private:
  static Json document_of(const queue::OperationRow& operation, const queue::RunResult& result) {
    return Json::object({{"id", operation.id},
                         {"kind", operation.kind},
                         {"state", queue::to_string(result.state)},
                         {"error_code", result.code.empty() ? Json() : Json(result.code)},
                         {"error", operation.error_text}});
  }

  void print(const queue::OperationRow& operation, const queue::RunResult& result) {
    progress_->clear();
    auto& out = context_.out();
    if (operation.kind == publishing::upload_kind) {
      const auto upload = publishing::load_upload(context_.database(), result.id);
      out << end_line(upload, context_.terminal().is_out_colored);
      if (const auto counts = counts_text(upload.changes); !counts.empty()) out << ", " << counts;
    } else {
      out << short_id(operation.id) << ' ' << operation.state << ": " << operation.kind;
    }
    if (operation.error_text)
      out << ": " << base::safe_text(base::redact(*operation.error_text), error_bytes_shown);
    out << std::endl;
  }

  static constexpr std::size_t error_bytes_shown = 1'024;
  Context& context_;
  std::mutex mutex_;
  std::optional<ProgressLine> progress_;
  Json documents_ = Json::array();
};

int run_poll(Context& context, const Arguments& arguments) {
  context.database();  // the schema is checked before a worker starts
  if (context.is_dry_run()) return say_waiting(context);
  Told told(context);
  systems::RunHere options;
  const auto max = arguments.number("max");
  if (max) options.max = static_cast<int>(*max);
  options.is_forever = !arguments.has("once") && !max;
  options.on_ended = [&](const queue::RunResult& result) { told.note(result); };
  const auto on_progress = [&](const queue::Progress& step) { told.show(step); };
  const int ran =
      systems::run_here(context.conninfo(), context.config(), options, on_progress, context.stop());
  auto ended = told.release();
  // A signal is how the endless loop is meant to end.
  if (options.is_forever) return exit_ok;
  if (context.is_json())
    print_json(context.out(), Json::object({{"ran", ran}, {"ended", std::move(ended)}}));
  else context.say(ran == 1 ? "ran 1 upload" : "ran " + std::to_string(ran) + " uploads");
  context.check_stop();
  return exit_ok;
}

}  // namespace

const Command& poll_command() {
  static const Command command{
      .name = "poll",
      .summary = "run what waits, in the foreground",
      .help =
          "Works like a worker of the daemon until a signal ends it. With --once or --max it "
          "ends when nothing is due any more; that is for a systemd timer. Says of each operation "
          "how it ended.",
      .examples = {"devy-upload poll --once", "devy-upload poll --max 10"},
      .options = {{.name = "once", .help = "end when nothing is due"},
                  {.name = "max",
                   .value = "N",
                   .help = "run at most so many, then end",
                   .kind = ValueKind::number,
                   .least = 1}},
      .run = run_poll};
  return command;
}

}  // namespace devy::cli
