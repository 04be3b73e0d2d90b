#pragma once
// Listening sockets, bound here or inherited, and the connections accepted from them. bind_socket()
// and address_of() are declared in http_server.hpp, for code that creates a server.

#include <string>

#include "core/platform/base/descriptor.hpp"

namespace devy::server {

struct Client {
  base::Descriptor socket;    // -1: no connection is waiting; non-blocking
  std::string address;        // the peer's, without its port; empty over a Unix socket
  bool is_exhausted = false;  // accept failed for want of descriptors or memory
};

[[nodiscard]] Client accept_client(int socket);

}  // namespace devy::server
