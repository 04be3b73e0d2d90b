#pragma once
// Checks whether a delivery comes from an address that GitHub sends from, and with the required
// client certificate. A thread of this object refreshes GitHub's addresses (sender_ranges.hpp)
// periodically.
//
// The signature decides in any case; this is a second line of defence, and the certificate check is
// the one that protects an Enterprise server or a relay. Any thread may check.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "daemon/listener/sender_ranges.hpp"
#include "daemon/serving/sender.hpp"

namespace devy::daemon {

class SenderCheck {
 public:
  // `ca_file` is used for requests to GitHub; empty means the system's authorities.
  SenderCheck(const config::Webhook& settings, std::string ca_file);
  SenderCheck(const SenderCheck&) = delete;
  SenderCheck& operator=(const SenderCheck&) = delete;

  enum class Verdict { ok, foreign_address, foreign_certificate, unknown_ranges };
  [[nodiscard]] Verdict check(const Sender& sender);
  // The age of GitHub's addresses; nothing when they are not checked, or not known.
  [[nodiscard]] std::optional<std::chrono::seconds> ranges_age() const;

 private:
  void watch(const std::stop_token& stop);

  const config::Webhook settings_;
  SenderRanges ranges_;
  std::mutex mutex_;  // guards the members below
  base::MonotonicTime warned_at_{};
  std::jthread thread_;  // declared last, because it uses everything above
};

}  // namespace devy::daemon
