#pragma once
// The sender of a request: the peer of its connection, or whom a proxy names. Pure; any thread.

#include <string>
#include <vector>

#include "core/platform/http/server/message.hpp"

namespace devy::daemon {

// The peer of the connection. Over a Unix socket that is a proxy, whose statements are trusted.
struct Sender {
  std::string address;  // empty: unknown
  // Limits by address are for this network: the address itself, or the /64 of an IPv6 address,
  // because everybody with one such address has all of them. Empty: unknown.
  std::string network;
  std::vector<std::string> subjects;  // subjects of a verified certificate
};
[[nodiscard]] Sender sender_of(const server::ReceivedRequest& request);

}  // namespace devy::daemon
