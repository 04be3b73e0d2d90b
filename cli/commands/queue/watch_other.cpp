#include "cli/commands/queue/watch_other.hpp"

#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/commands/queue/other_operation.hpp"
#include "cli/exit_codes.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/queue/pause.hpp"

namespace devy::cli {
namespace {

std::string phase_of(Context& context, const queue::OperationRow& now, Daemons& daemons) {
  if (now.state == "processing" || now.state == "scheduled")
    return now.kind + ": " + now.step.value_or("begin");
  const auto pause =
      context.patiently([&] { return queue::pause_of(context.database(), id_of(now)); });
  if (pause) return now.kind + ": " + queue::pause_text(*pause);
  if (now.error_text) return now.kind + ": waiting for the next attempt";
  return now.kind + ": waiting for a runner" +
         (daemons.are_there() ? ""
                              : ", but no daemon is there (`devy-upload poll --once` runs it)");
}

}  // namespace

int watch_other(Context& context, const queue::OperationRow& operation,
                const std::optional<base::Duration>& timeout) {
  const auto begun_at = context.clock().monotonic_now();
  auto now = operation;
  {
    ProgressLine progress(context);
    Daemons daemons(context);
    while (true) {
      const auto found = context.patiently(
          [&] { return queue::find_operation(context.database(), operation.id); });
      if (!found) break;  // it was pruned: what is known of it is the last of it
      now = *found;
      const auto state = state_of(now);
      if (queue::is_terminal(state) || state == queue::State::held) break;
      progress.show(phase_of(context, now, daemons));
      if (timeout && context.clock().monotonic_now() - begun_at >= *timeout) break;
      context.sleep(wait_interval);
    }
  }
  print_other(context, now, "");
  const auto state = state_of(now);
  if (state == queue::State::completed) return exit_ok;
  const bool is_over = queue::is_terminal(state) || state == queue::State::held;
  return is_over ? exit_unsuccessful : exit_timed_out;
}

}  // namespace devy::cli
