#include "daemon/supervisor/child_set.hpp"

#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"

namespace devy::daemon {
namespace {

// Limit for one child at a time; the rest follows in the next call.
constexpr int reports_max = 256;
constexpr std::string_view exit_text = "exit status ";

std::string cause_of(const ChildProcess& child, const ChildExit& exit) {
  const auto status = exit.status();
  if (!child.kill_cause.empty() && !status) return child.kill_cause;
  if (!status) return "crashed";
  if (*status == 0) return "exited";
  return *status == process::child_out_of_memory ? "out_of_memory" : "failed";
}

}  // namespace

std::optional<int> ChildExit::status() const {
  if (!ending.starts_with(exit_text)) return std::nullopt;
  int number = 0;
  std::from_chars(ending.data() + exit_text.size(), ending.data() + ending.size(), number);
  return number;
}

ChildProcess& ChildSet::start(const ChildSpec& spec, const Report& setup) {
  auto handle = process::Child::spawn(spec.role, spec.limits, spec.sockets);
  // A child that has already died is noticed when it is reaped.
  static_cast<void>(handle.send(to_frame(setup)));
  auto& child = processes_.emplace_back(ChildProcess{spec.role, std::move(handle)});
  child.started_at = child.heard_at = child.work.idle_since = clock_.monotonic_now();
  base::log::debug("process started", {{"role", child.role}, {"pid", child.handle.pid()}});
  return child;
}

void ChildSet::add_outputs(std::vector<pollfd>& waiting) const {
  for (const auto& child : processes_)
    if (child.handle.output() >= 0) waiting.push_back({child.handle.output(), POLLIN, 0});
}

std::vector<ChildSet::Heard> ChildSet::listen() {
  std::vector<Heard> heard;
  std::string frame;
  for (auto& child : processes_) {
    try {
      for (int n = 0; n < reports_max; ++n) {
        if (child.handle.receive(frame, report_bytes_max, std::chrono::milliseconds(0)) !=
            process::ReadResult::data)
          break;
        auto report = read_report(frame);
        if (!report)
          throw base::Error(base::ErrorKind::internal, "unable to read a report: it is none");
        child.heard_at = clock_.monotonic_now();
        heard.push_back({&child, std::move(*report)});
      }
    } catch (const base::Error& error) {
      base::log::error("process sent an invalid report",
                       {{"role", child.role}, {"error", error.text()}});
      kill(child, "protocol_error");
    }
  }
  return heard;
}

std::vector<ChildExit> ChildSet::reap() {
  std::vector<ChildExit> exits;
  const auto now = clock_.monotonic_now();
  for (auto child = processes_.begin(); child != processes_.end();) {
    if (child->kill_at && now >= *child->kill_at) kill(*child, "slow_to_leave");
    const auto ending = child->handle.try_wait();
    if (!ending) {
      ++child;
      continue;
    }
    ChildExit exit{.role = child->role,
                   .operation = child->operation,
                   .step = child->step,
                   .ending = *ending,
                   .cause = {},
                   .started_at = child->started_at,
                   .was_leaving = child->is_leaving && child->kill_cause.empty()};
    exit.cause = cause_of(*child, exit);
    exits.push_back(std::move(exit));
    child = processes_.erase(child);
  }
  return exits;
}

void ChildSet::dismiss(ChildProcess& child, const char* order, base::MonotonicTime kill_at) {
  child.is_leaving = child.work.is_leaving = true;
  child.kill_at = kill_at;
  static_cast<void>(child.handle.send(to_frame({order})));
}

void ChildSet::kill(ChildProcess& child, std::string cause) {
  child.kill_at.reset();
  if (child.kill_cause.empty()) child.kill_cause = std::move(cause);
  child.handle.kill();
}

ChildProcess* ChildSet::find(std::string_view role) {
  for (auto& child : processes_)
    if (child.role == role && !child.is_leaving) return &child;
  return nullptr;
}

}  // namespace devy::daemon
