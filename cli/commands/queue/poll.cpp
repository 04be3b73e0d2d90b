#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/progress.hpp"
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
  context.say("would run what is due of " + std::to_string(waiting) + " waiting");
  return exit_ok;
}

int run_poll(Context& context, const Arguments& arguments) {
  context.database();  // the schema is checked before a worker starts
  if (context.is_dry_run()) return say_waiting(context);
  systems::RunHere options;
  const auto max = arguments.number("max");
  if (max) options.max = static_cast<int>(*max);
  options.is_forever = !arguments.has("once") && !max;
  int ran = 0;
  {
    ProgressLine progress(context);
    const auto on_progress = [&](const queue::Progress& step) { progress.show(step); };
    ran = systems::run_here(context.conninfo(), context.config(), options, on_progress,
                            context.stop());
  }
  // A signal is how the endless loop is meant to end.
  if (options.is_forever) return exit_ok;
  if (context.is_json()) print_json(context.out(), Json::object({{"ran", ran}}));
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
          "ends when nothing is due any more; that is for a systemd timer.",
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
