#pragma once
// Whether a delivery comes from an address that GitHub sends from, and with the certificate that is
// asked for. GitHub's addresses (sender_ranges.hpp) are asked for again from time to time, by a
// thread of this object.
//
// The signature decides in any case: this is a second fence, and for certificates the one that an
// Enterprise server or a relay stands behind. Any thread may check.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "daemon/http_message.hpp"
#include "daemon/sender_ranges.hpp"

namespace devy::daemon {

// Who stands at the other end. Over a Unix socket that is a proxy, and its word is taken.
struct Sender {
  std::string address;                // empty: unknown
  std::vector<std::string> subjects;  // of a verified certificate
};
[[nodiscard]] Sender sender_of(const Request& request);

class SenderCheck {
 public:
  // `ca_file` for asking; empty: the system's authorities.
  SenderCheck(const config::Webhook& settings, std::string ca_file);
  SenderCheck(const SenderCheck&) = delete;
  SenderCheck& operator=(const SenderCheck&) = delete;

  enum class Verdict { ok, foreign_address, foreign_certificate, unknown_ranges };
  [[nodiscard]] Verdict judge(const Sender& sender);
  // Of GitHub's addresses; nothing where they are not checked, or not known.
  [[nodiscard]] std::optional<std::chrono::seconds> ranges_age() const;

 private:
  void watch(const std::stop_token& stop);

  const config::Webhook settings_;
  SenderRanges ranges_;
  std::mutex mutex_;  // guards what follows
  base::MonotonicTime warned_at_{};
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace devy::daemon
