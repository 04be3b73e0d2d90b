#include "daemon/crew.hpp"

#include <charconv>

#include "core/base/error.hpp"
#include "core/base/log.hpp"

namespace devy::daemon {
namespace {

constexpr int reports_max = 256;  // of one member at a time; the rest at the next turn
constexpr std::string_view exit_text = "exit status ";

std::string cause_of(const Member& member, const Departure& departure) {
  const auto status = departure.status();
  if (!member.kill_cause.empty() && !status) return member.kill_cause;
  if (!status) return "crashed";
  if (*status == 0) return "left";
  return *status == process::child_out_of_memory ? "out_of_memory" : "failed";
}

}  // namespace

std::optional<int> Departure::status() const {
  if (!ending.starts_with(exit_text)) return std::nullopt;
  int number = 0;
  std::from_chars(ending.data() + exit_text.size(), ending.data() + ending.size(), number);
  return number;
}

Member& Crew::start(const Post& post, const Report& setup) {
  auto child = process::Child::spawn(post.role, post.limits, post.sockets);
  // One that is already gone is noticed when it is reaped.
  static_cast<void>(child.send(to_frame(setup)));
  auto& member = members_.emplace_back(Member{post.role, std::move(child)});
  member.started_at = member.heard_at = member.work.idle_since = clock_.monotonic_now();
  base::log::debug("process started", {{"role", member.role}, {"pid", member.child.pid()}});
  return member;
}

void Crew::add_outputs(std::vector<pollfd>& waiting) const {
  for (const auto& member : members_)
    if (member.child.output() >= 0) waiting.push_back({member.child.output(), POLLIN, 0});
}

std::vector<Crew::Heard> Crew::listen() {
  std::vector<Heard> heard;
  std::string frame;
  for (auto& member : members_) {
    try {
      for (int n = 0; n < reports_max; ++n) {
        if (member.child.receive(frame, report_bytes_max, std::chrono::milliseconds(0)) !=
            process::ReadResult::data)
          break;
        auto report = read_report(frame);
        if (!report)
          throw base::Error(base::ErrorKind::internal, "unable to read a report: it is none");
        member.heard_at = clock_.monotonic_now();
        heard.push_back({&member, std::move(*report)});
      }
    } catch (const base::Error& error) {
      base::log::error("process says nonsense", {{"role", member.role}, {"error", error.text()}});
      kill(member, "nonsense");
    }
  }
  return heard;
}

std::vector<Departure> Crew::reap() {
  std::vector<Departure> departures;
  const auto now = clock_.monotonic_now();
  for (auto member = members_.begin(); member != members_.end();) {
    if (member->kill_at && now >= *member->kill_at) kill(*member, "slow_to_leave");
    const auto ending = member->child.try_wait();
    if (!ending) {
      ++member;
      continue;
    }
    Departure departure{.role = member->role,
                        .operation = member->operation,
                        .step = member->step,
                        .ending = *ending,
                        .cause = {},
                        .started_at = member->started_at,
                        .was_leaving = member->is_leaving && member->kill_cause.empty()};
    departure.cause = cause_of(*member, departure);
    departures.push_back(std::move(departure));
    member = members_.erase(member);
  }
  return departures;
}

void Crew::dismiss(Member& member, const char* order, base::MonotonicTime kill_at) {
  member.is_leaving = member.work.is_leaving = true;
  member.kill_at = kill_at;
  static_cast<void>(member.child.send(to_frame({order})));
}

void Crew::kill(Member& member, std::string cause) {
  member.kill_at.reset();
  if (member.kill_cause.empty()) member.kill_cause = std::move(cause);
  member.child.kill();
}

Member* Crew::find(std::string_view role) {
  for (auto& member : members_)
    if (member.role == role && !member.is_leaving) return &member;
  return nullptr;
}

}  // namespace devy::daemon
