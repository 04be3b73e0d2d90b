#pragma once
// The service manager's side of a daemon: sd_notify(3)'s datagrams and the sockets of socket
// activation, by the documented protocols; libsystemd would bring more than these forty lines.
// Reads and clears the process's environment: made once, first thing, before any thread. Throws
// nothing about the manager: without one, everything does nothing.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/descriptor.hpp"

namespace devy::daemon {

struct InheritedSocket {
  std::string name;  // FileDescriptorName= of the socket unit
  base::Descriptor descriptor;
};

class Systemd {
 public:
  Systemd();

  // One datagram of "NAME=value" lines.
  void notify(std::string_view lines) const;
  // How often WATCHDOG=1 is wanted at least; nothing: not at all.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }
  // Gives away those of that name.
  [[nodiscard]] std::vector<base::Descriptor> take_sockets(std::string_view name);

 private:
  std::string socket_path_;  // NOTIFY_SOCKET; empty: nobody listens
  std::optional<std::chrono::microseconds> watchdog_;
  std::vector<InheritedSocket> sockets_;
};

}  // namespace devy::daemon
