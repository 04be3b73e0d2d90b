#pragma once
// Whether a delivery comes from an address that GitHub sends from, and with the certificate that is
// asked for. GitHub lists its addresses at /meta; they are asked for again from time to time, by a
// thread of this object, and the last good answer is kept, on disk too where a file is named.
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
#include "core/webhook/address_range.hpp"
#include "daemon/http_message.hpp"

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

 private:
  void watch(const std::stop_token& stop);
  [[nodiscard]] bool refresh();
  void read_kept();
  void keep(const std::string& document) const;

  const config::Webhook settings_;
  const std::string ca_file_;
  std::mutex mutex_;  // guards what follows
  std::vector<webhook::AddressRange> ranges_;
  base::MonotonicTime warned_at_{};
  std::jthread thread_;  // last: it uses everything above
};

// The `hooks` of a /meta document; nothing when it is none, or lists none.
[[nodiscard]] std::optional<std::vector<webhook::AddressRange>> ranges_of(
    const std::string& document);

}  // namespace devy::daemon
