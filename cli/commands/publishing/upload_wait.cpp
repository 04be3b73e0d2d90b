#include "cli/commands/publishing/upload_wait.hpp"
#include "core/systems_run.hpp"

#include "cli/exit_codes.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::cli {
namespace {

// Chains of pointers are short; a longer one is a bug, which must not make the command hang.
constexpr int hops_max = 32;
constexpr const char* wait_default = "120s";

const std::optional<std::string>& pointer_of(const publishing::Upload& upload, Follow follow) {
  static const std::optional<std::string> none;
  if (upload.state == queue::State::duplicate) return upload.duplicate_of;
  if (upload.state == queue::State::cancelled && follow == Follow::successors)
    return upload.cancelled_by;
  return none;
}

// Returns true when it ran here. An upload whose retry is not due, or that another worker has
// leased, is left alone.
bool try_here(Context& context, const publishing::Upload& upload, ProgressLine& progress) {
  if (upload.state != queue::State::verified ||
      upload.run_at.value_or(base::TimePoint::max()) > context.now())
    return false;
  const auto on_progress = [&](const queue::Progress& step) { progress.show(step); };
  return systems::run_here(context.conninfo(), context.config(), {.only = upload.id}, on_progress,
                           context.stop()) > 0;
}

}  // namespace

bool is_over(const publishing::Upload& upload) {
  return queue::is_terminal(upload.state) || upload.state == queue::State::held;
}

publishing::Upload deciding_upload(pg::Connection& connection, publishing::Upload upload,
                                   Follow follow) {
  for (int hop = 0; hop < hops_max; ++hop) {
    const auto& pointer = pointer_of(upload, follow);
    if (!pointer) return upload;
    upload = publishing::load_upload(connection, base::UploadId::trusted(*pointer));
  }
  return upload;
}

int exit_status_of(const publishing::Upload& deciding) {
  if (deciding.state == queue::State::completed) return exit_ok;
  return is_over(deciding) ? exit_unsuccessful : exit_timed_out;
}

std::string phase_text(const publishing::Upload& upload) {
  switch (upload.state) {
    case queue::State::processing: return upload.blog + ": " + upload.step.value_or("begin");
    case queue::State::scheduled: return upload.blog + ": begin";
    case queue::State::received:
    case queue::State::verified:
      return upload.blog +
             (upload.error_text ? ": waiting for the next attempt" : ": waiting for a worker");
    default: return upload.blog + ": " + std::string(queue::to_string(upload.state));
  }
}

publishing::Upload wait_for_end(Context& context, const base::UploadId& id,
                                const WaitOptions& options) {
  auto& connection = context.database();
  ProgressLine progress(context);
  const auto begun_at = context.clock().monotonic_now();
  while (true) {
    auto upload =
        deciding_upload(connection, publishing::load_upload(connection, id), Follow::successors);
    if (is_over(upload)) return upload;
    if (options.is_run_here && try_here(context, upload, progress)) {
      context.check_stop();
      continue;
    }
    const auto waited = context.clock().monotonic_now() - begun_at;
    if (options.timeout && waited >= *options.timeout) return upload;
    progress.show(phase_text(upload));
    context.sleep(wait_interval);
  }
}

std::optional<WaitOptions> wait_options(const Arguments& arguments) {
  const bool is_run_here = arguments.has("here");
  if (!is_run_here && !arguments.has("wait")) return std::nullopt;
  const auto timeout = arguments.duration("wait");
  return WaitOptions{timeout ? timeout : base::parse_duration(wait_default), is_run_here};
}

Option wait_option() {
  return {.name = "wait",
          .value = "D",
          .help = "wait until it has ended, whoever runs it",
          .kind = ValueKind::duration,
          .implied_value = wait_default};
}

Option here_option() {
  return {.name = "here", .help = "run it in this process if nobody has claimed it"};
}

}  // namespace devy::cli
