#include "cli/commands/mirror/load_wait.hpp"

#include <algorithm>

#include "core/systems_run.hpp"

#include "cli/exit_codes.hpp"
#include "cli/terminal/json_output.hpp"
#include "cli/terminal/progress.hpp"
#include "core/platform/base/count_text.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/pause.hpp"

namespace devy::cli {
namespace {

using mirror::Load;
using mirror::LoadState;
using mirror::LoadStep;

// The first step that nobody runs and that is due.
const LoadStep* due_step(const Load& load, base::TimePoint now) {
  for (const auto& step : load.steps)
    if (step.state == queue::State::verified && step.run_at.value_or(base::TimePoint::max()) <= now)
      return &step;
  return nullptr;
}

std::string phase_text(Context& context, const Load& load, bool is_daemon_there) {
  const auto& own = load.own();
  for (const auto& step : load.steps)
    if (step.state == queue::State::processing || step.state == queue::State::scheduled)
      return own.target + ": reading " + (step.target == own.target ? "" : step.target);
  for (const auto& step : load.steps)
    if (step.state == queue::State::verified && step.attempt > 0 && !step.error_text.empty())
      return own.target + ": waiting, " + step.error_text;
  for (const auto& step : load.steps)
    if (step.state == queue::State::verified)
      if (const auto pause = queue::pause_of(context.database(), step.id))
        return own.target + ": " + queue::pause_text(*pause);
  return own.target + ": waiting for a runner" +
         (is_daemon_there ? "" : ", but no daemon is there (--here runs it)");
}

// Something is held, and nothing else is left to do.
bool is_waiting_for_person(const Load& load) {
  return load.held() != nullptr && std::ranges::all_of(load.steps, [](const auto& step) {
           return queue::is_terminal(step.state) || step.state == queue::State::held;
         });
}

std::string count(std::int64_t number, const char* noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

std::string progress_text(const mirror::LoadProgress& progress, base::Duration elapsed) {
  auto text = std::to_string(progress.items);
  const auto expected = progress.items_expected.value_or(0);
  if (expected > progress.items) text += " of about " + std::to_string(expected);
  text += " read, " + count(progress.requests, "request");
  const auto seconds = std::chrono::duration<double>(elapsed).count();
  if (seconds < 1 || progress.items == 0) return text;
  const auto rate = static_cast<double>(progress.items) / seconds;
  text += ", " + std::to_string(static_cast<std::int64_t>(rate)) + "/s";
  if (expected > progress.items)
    text += ", " +
            base::format_duration(std::chrono::seconds(
                static_cast<std::int64_t>(static_cast<double>(expected - progress.items) / rate))) +
            " left";
  return text;
}

Load wait_for_load(Context& context, const base::OperationId& id, const WaitOptions& options) {
  ProgressLine progress(context);
  const auto begun_at = context.clock().monotonic_now();
  Daemons daemons(context);
  while (true) {
    auto load = context.patiently([&] { return mirror::load_status(context.database(), id); });
    if (load.is_over() || is_waiting_for_person(load)) return load;
    const auto waited =
        std::chrono::duration_cast<base::Duration>(context.clock().monotonic_now() - begun_at);
    const auto phase = context.patiently(
        [&] { return phase_text(context, load, options.is_run_here || daemons.are_there()); });
    progress.show(phase, progress_text(load.progress, waited));
    if (options.timeout && waited >= *options.timeout) return load;
    if (const auto* step = options.is_run_here ? due_step(load, context.now()) : nullptr) {
      const auto ran = systems::run_here(
          context.conninfo(), context.config(), {.only = step->id}, [](const queue::Progress&) {},
          context.stop());
      context.check_stop();
      if (ran > 0) continue;
    }
    context.sleep(wait_interval);
  }
}

void print_load(Context& context, const Load& load) {
  if (context.is_json()) {
    print_json(context.out(), mirror::load_json(load));
    return;
  }
  const auto& own = load.own();
  const auto state = load.state();
  const auto& progress = load.progress;
  if (state == LoadState::success) {
    context.say(own.target + " loaded: " + count(progress.items, "item") + " in " +
                count(progress.requests, "request") + ", " + std::to_string(progress.applied) +
                " new or changed");
    return;
  }
  if (const auto* failed = load.is_over() ? load.first_failed() : nullptr) {
    context.err() << own.id.text().substr(0, 8) << " failed: " << base::safe_text(failed->target)
                  << '\n';
    if (!failed->error_text.empty())
      context.err() << "error: " << base::safe_text(failed->error_text) << '\n';
    if (!failed->error_hint.empty())
      context.err() << "hint: " << base::safe_text(failed->error_hint) << '\n';
    return;
  }
  if (const auto* held = load.held()) {
    context.err() << held->id.text().substr(0, 8) << " held: " << base::safe_text(held->target)
                  << '\n'
                  << "error: " << base::safe_text(held->error_text) << '\n'
                  << "hint: " << base::safe_text(held->error_hint) << '\n';
    return;
  }
  context.say(own.id.text() + " " + std::string(mirror::to_string(state)) + ": " + own.target);
}

int exit_status_of(const Load& load) {
  if (is_waiting_for_person(load)) return exit_unsuccessful;
  if (!load.is_over()) return exit_timed_out;
  return load.state() == LoadState::success ? exit_ok : exit_unsuccessful;
}

}  // namespace devy::cli
