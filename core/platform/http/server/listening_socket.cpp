#include "core/platform/http/server/listening_socket.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/server.hpp"

namespace devy::server {
namespace {

using base::Descriptor;
using base::Error;
using base::ErrorKind;

constexpr int backlog = 1024;
constexpr std::string_view unix_prefix = "unix:";
constexpr mode_t unix_mode = 0660;  // the proxy is in the group

[[noreturn]] void throw_failed(const std::string& address, int cause) {
  const auto text = "unable to listen on '" + address + "': " + strerror(cause);
  if (cause == EACCES || cause == EPERM)
    throw Error(ErrorKind::denied, text, "Choose a port above 1023, or another folder.");
  if (cause == EADDRINUSE)
    throw Error(ErrorKind::unavailable, text, "Another process listens there: stop it first.",
                "address_in_use");
  throw Error(ErrorKind::config, text, "Check the address.");
}

void begin_listening(const Descriptor& socket, const std::string& address) {
  if (::listen(socket.get(), backlog) != 0) throw_failed(address, errno);
}

bool is_answered(const sockaddr_un& where) {
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
}

sockaddr_un unix_address(const std::string& address) {
  const auto path = address.substr(unix_prefix.size());
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof where.sun_path) throw_failed(address, ENAMETOOLONG);
  path.copy(static_cast<char*>(where.sun_path), path.size());
  return where;
}

Descriptor bind_unix(const std::string& address) {
  const auto path = address.substr(unix_prefix.size());
  const auto where = unix_address(address);
  struct stat info {};
  // A killed process may have left its socket behind; a file that is not a socket must not be
  // removed.
  if (lstat(path.c_str(), &info) == 0) {
    if (!S_ISSOCK(info.st_mode) || is_answered(where)) throw_failed(address, EADDRINUSE);
    ::unlink(path.c_str());
  }
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      ::chmod(path.c_str(), unix_mode) != 0)
    throw_failed(address, errno);
  begin_listening(socket, address);
  return socket;
}

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

bool is_port(std::string_view text) {
  constexpr unsigned port_max = 65'535;
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port <= port_max;
}

// Accepts numeric addresses only: a name could resolve to anything by the time it is looked up.
Addresses resolve(const std::string& address) {
  const auto colon = address.rfind(':');
  const auto port = address.substr(colon == std::string::npos ? address.size() : colon + 1);
  auto host = address.substr(0, colon == std::string::npos ? 0 : colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string::npos) host.clear();
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  const auto refuse = [&](const std::string& cause) {
    throw Error(ErrorKind::config, "unable to listen on '" + address + "': " + cause,
                "Give it as 127.0.0.1:8080, [::1]:8080 or unix:/path.");
  };
  // getaddrinfo() counts ports modulo 65536.
  if (host.empty()) refuse("it is no address");
  if (!is_port(port)) refuse("its port is no number from 0 to 65535");
  if (getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0)
    refuse("its host is no number, and names are not looked up");
  return {found, &freeaddrinfo};
}

Descriptor bind_tcp(const std::string& address) {
  const auto found = resolve(address);
  Descriptor socket(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  const int on = 1;
  // Over connections of the last run that linger; never beside another listener, which would be
  // SO_REUSEPORT.
  if (socket.get() < 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0)
    throw_failed(address, errno);
  begin_listening(socket, address);
  return socket;
}

std::string host_text(const sockaddr_storage& where) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (where.ss_family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(where);
    inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    return text.data();
  }
  const auto& address = reinterpret_cast<const sockaddr_in6&>(where);
  inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
  // A socket for both families gives IPv4 peers this form.
  constexpr std::string_view mapped = "::ffff:";
  const std::string_view full = text.data();
  if (full.starts_with(mapped) && full.find('.') != std::string_view::npos)
    return std::string(full.substr(mapped.size()));
  return std::string(full);
}

}  // namespace

void check_address(const std::string& address) {
  if (address.starts_with(unix_prefix)) static_cast<void>(unix_address(address));
  else static_cast<void>(resolve(address));
}

Descriptor bind_socket(const std::string& address) {
  return address.starts_with(unix_prefix) ? bind_unix(address) : bind_tcp(address);
}

std::string address_of(int socket) {
  sockaddr_storage where{};
  socklen_t length = sizeof where;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&where), &length) != 0) return {};
  if (where.ss_family == AF_UNIX) {
    const auto& name = reinterpret_cast<const sockaddr_un&>(where);
    return std::string(unix_prefix) + static_cast<const char*>(name.sun_path);
  }
  const auto host = host_text(where);
  // The port is at one place in both.
  const auto port = std::to_string(ntohs(reinterpret_cast<const sockaddr_in&>(where).sin_port));
  return where.ss_family == AF_INET6 ? "[" + host + "]:" + port : host + ":" + port;
}

Client accept_client(int socket) {
  Client client;
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  client.socket = Descriptor(
      ::accept4(socket, reinterpret_cast<sockaddr*>(&peer), &length, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (client.socket.get() < 0) {
    client.is_exhausted = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return client;
  }
  if (peer.ss_family == AF_UNIX) return client;
  client.address = host_text(peer);
  const int on = 1;
  ::setsockopt(client.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return client;
}

}  // namespace devy::server
