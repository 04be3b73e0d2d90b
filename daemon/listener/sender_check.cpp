#include "daemon/listener/sender_check.hpp"

#include <algorithm>

#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::minutes try_again{5};
// A flood of foreign deliveries is one line a minute.
constexpr std::chrono::minutes warn_again{1};

}  // namespace

SenderCheck::SenderCheck(const config::Webhook& settings, std::string ca_file)
    : settings_(settings), ranges_(settings, std::move(ca_file), base::system_clock()) {
  if (settings_.sender_check == "off") return;
  thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void SenderCheck::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const std::chrono::seconds pause = ranges_.refresh() ? settings_.ranges_refresh : try_again;
    base::pause_for(stop, pause);
  }
}

SenderCheck::Verdict SenderCheck::check(const Sender& sender) {
  const auto& wanted = settings_.client_subjects;
  if (!wanted.empty() &&
      std::none_of(sender.subjects.begin(), sender.subjects.end(), [&](const auto& subject) {
        return std::find(wanted.begin(), wanted.end(), subject) != wanted.end();
      }))
    return Verdict::foreign_certificate;
  if (settings_.sender_check == "off") return Verdict::ok;
  const bool is_enforced = settings_.sender_check == "enforce";
  if (!ranges_.are_known()) return is_enforced ? Verdict::unknown_ranges : Verdict::ok;
  if (ranges_.has(sender.address)) return Verdict::ok;
  const std::lock_guard lock(mutex_);
  const auto now = base::system_clock().monotonic_now();
  if (warned_at_ == base::MonotonicTime{} || now - warned_at_ >= warn_again) {
    warned_at_ = now;
    base::log::warning("sender not among GitHub's addresses",
                       {{"sender", sender.address}, {"check", settings_.sender_check}});
  }
  return is_enforced ? Verdict::foreign_address : Verdict::ok;
}

std::optional<std::chrono::seconds> SenderCheck::ranges_age() const {
  if (settings_.sender_check == "off") return std::nullopt;
  return ranges_.age();
}

}  // namespace devy::daemon
