#include "daemon/supervisor/systemd.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace devy::daemon {
namespace {

constexpr int first_inherited = 3;  // SD_LISTEN_FDS_START
constexpr long inherited_max = 64;

std::string consume_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value != nullptr ? value : "";
  unsetenv(name);
  return text;
}

std::optional<long> number(const std::string& text) {
  long value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || *parsed.ptr != '\0') return std::nullopt;
  return value;
}

// "public:admin"; a socket without a name of its own has its unit's.
std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(':', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

}  // namespace

Systemd::Systemd() : socket_path_(consume_variable("NOTIFY_SOCKET")) {
  const auto ours = static_cast<long>(getpid());
  const auto watchdog_pid = number(consume_variable("WATCHDOG_PID"));
  const auto interval = number(consume_variable("WATCHDOG_USEC"));
  if (interval && *interval > 0 && watchdog_pid.value_or(ours) == ours)
    watchdog_ = std::chrono::microseconds(*interval);

  const auto listen_pid = number(consume_variable("LISTEN_PID"));
  const auto count = number(consume_variable("LISTEN_FDS")).value_or(0);
  const auto names = split_names(consume_variable("LISTEN_FDNAMES"));
  if (listen_pid != ours) return;
  for (long n = 0; n < std::min(count, inherited_max); ++n) {
    base::Descriptor descriptor(first_inherited + static_cast<int>(n));
    if (fcntl(descriptor.get(), F_SETFD, FD_CLOEXEC) != 0) {
      static_cast<void>(descriptor.release());  // never was one
      continue;
    }
    const auto place = static_cast<std::size_t>(n);
    sockets_.push_back({place < names.size() ? names[place] : "", std::move(descriptor)});
  }
}

std::vector<base::Descriptor> Systemd::release_sockets(std::string_view name) {
  std::vector<base::Descriptor> taken;
  for (auto& socket : sockets_)
    if (socket.name == name && socket.descriptor.get() >= 0)
      taken.push_back(std::move(socket.descriptor));
  return taken;
}

void Systemd::notify(std::string_view lines) const {
  sockaddr_un address{};
  if (socket_path_.empty() || socket_path_.size() >= sizeof address.sun_path) return;
  const base::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_path_.data(), socket_path_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract one
  // Not for a manager that does not listen: the daemon's work does not depend on it.
  static_cast<void>(
      sendto(socket.get(), lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address),
             static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_path_.size())));
}

}  // namespace devy::daemon
