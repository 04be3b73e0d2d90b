#pragma once
// Sockets that wait for clients: bound here or inherited, and what comes of them. bind_socket() and
// address_of() are declared in http_server.hpp, for whoever makes a server.

#include <string>

#include "core/base/descriptor.hpp"

namespace devy::daemon {

struct Client {
  base::Descriptor socket;    // -1: nobody is waiting; non-blocking
  std::string address;        // of the peer, without its port; empty over a Unix socket
  bool is_exhausted = false;  // nobody could be taken for want of descriptors or memory
};

[[nodiscard]] Client accept_client(int socket);

}  // namespace devy::daemon
