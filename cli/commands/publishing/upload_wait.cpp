#include "cli/commands/publishing/upload_wait.hpp"

#include <algorithm>

#include "core/systems_run.hpp"

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/exit_codes.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/daemons.hpp"

namespace devy::cli {
namespace {

// Chains of pointers are short; a longer one is a bug, which must not make the command hang.
constexpr int hops_max = 32;
constexpr const char* wait_default = "120s";
constexpr std::chrono::seconds daemons_asked_every{5};

const std::optional<std::string>& pointer_of(const publishing::Upload& upload, Follow follow) {
  static const std::optional<std::string> none;
  if (upload.state == queue::State::duplicate) return upload.duplicate_of;
  if (upload.state == queue::State::cancelled && follow == Follow::successors)
    return upload.cancelled_by;
  return none;
}

std::string waiting_text(const publishing::Upload& upload, bool is_daemon_there) {
  if (upload.pause) return queue::pause_text(*upload.pause);
  if (upload.error_text) return "waiting for the next attempt";
  return is_daemon_there
             ? "waiting for a worker"
             : "waiting for a worker, but no daemon is there (--here, or `poll --once`, runs it)";
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

// "12.0s, gives up in 1m 48s"; nothing within the first second.
std::string waited_text(base::Duration waited, const std::optional<base::Duration>& timeout) {
  if (waited < std::chrono::seconds(1)) return {};
  auto text = base::format_duration(waited);
  if (timeout && *timeout > waited)
    text += ", gives up in " + base::format_duration(*timeout - waited);
  return text;
}

}  // namespace

bool Daemons::are_there() {
  const auto now = context_.clock().monotonic_now();
  if (asked_at_ && now - *asked_at_ < daemons_asked_every) return are_there_;
  asked_at_ = now;
  const auto rows = context_.patiently([&] { return queue::list_daemons(context_.database()); });
  are_there_ = std::ranges::any_of(rows, [](const auto& row) { return !row.is_lost; });
  return are_there_;
}

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

std::string phase_text(const publishing::Upload& upload, bool is_daemon_there) {
  switch (upload.state) {
    case queue::State::processing: return upload.blog + ": " + upload.step.value_or("begin");
    case queue::State::scheduled: return upload.blog + ": begin";
    case queue::State::received:
    case queue::State::verified: return upload.blog + ": " + waiting_text(upload, is_daemon_there);
    default: return upload.blog + ": " + std::string(queue::to_string(upload.state));
  }
}

publishing::Upload wait_for_end(Context& context, const base::UploadId& id,
                                const WaitOptions& options) {
  ProgressLine progress(context);
  const auto begun_at = context.clock().monotonic_now();
  Daemons daemons(context);
  while (true) {
    auto upload = context.patiently([&] {
      return deciding_upload(context.database(), publishing::load_upload(context.database(), id),
                             Follow::successors);
    });
    if (is_over(upload)) return upload;
    if (options.is_run_here &&
        context.patiently([&] { return try_here(context, upload, progress); })) {
      context.check_stop();
      continue;
    }
    const auto waited = context.clock().monotonic_now() - begun_at;
    progress.show(phase_text(upload, options.is_run_here || daemons.are_there()),
                  waited_text(std::chrono::floor<base::Duration>(waited), options.timeout));
    if (options.timeout && waited >= *options.timeout) return upload;
    context.sleep(wait_interval);
  }
}

void say_recorded(Context& context, const std::string& id, const std::string& subject) {
  context.say(short_id(id) + " recorded: " + base::safe_text(subject));
}

void say_still_recorded(Context& context, const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto shown = short_id(id);
    context.say(shown + " is still recorded: `devy-upload watch " + shown +
                "` follows it, `devy-upload cancel " + shown + "` ends it");
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
