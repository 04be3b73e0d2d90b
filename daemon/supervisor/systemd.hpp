#pragma once
// The daemon's interface to the service manager: the datagrams of sd_notify(3) and the sockets of
// socket activation, by the documented protocols; libsystemd would add more than these forty lines.
// It reads and clears the process's environment, so it must be created first, before any thread.
// Errors of the manager are not thrown; without a manager every call does nothing.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/descriptor.hpp"

namespace devy::daemon {

struct InheritedSocket {
  std::string name;  // the FileDescriptorName= of the socket unit
  base::Descriptor descriptor;
};

class Systemd {
 public:
  Systemd();

  // Sends one datagram of "NAME=value" lines.
  void notify(std::string_view lines) const;
  // The interval in which the manager expects WATCHDOG=1; nothing when it expects none.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }
  // Hands over the sockets of that name.
  [[nodiscard]] std::vector<base::Descriptor> release_sockets(std::string_view name);

 private:
  std::string socket_path_;  // NOTIFY_SOCKET; empty: nobody listens
  std::optional<std::chrono::microseconds> watchdog_;
  std::vector<InheritedSocket> sockets_;
};

}  // namespace devy::daemon
