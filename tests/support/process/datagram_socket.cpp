#include "tests/support/process/datagram_socket.hpp"
#include "tests/support/time_factor.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace devy::testing {

DatagramSocket::DatagramSocket(std::string path) : path_(std::move(path)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("unable to bind " + path_ + ": " + std::strerror(errno));
}

DatagramSocket::~DatagramSocket() {
  ::close(socket_);
}

bool DatagramSocket::receive(std::chrono::milliseconds timeout) {
  pollfd wait{socket_, POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(timeout.count())) <= 0) return false;
  std::array<char, 4096> buffer{};
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  heard_.emplace_back(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

void DatagramSocket::wait_for(const std::string& text, int times, std::chrono::seconds timeout) {
  const auto until = std::chrono::steady_clock::now() + time_factor * timeout;
  const auto is_it = [&](const std::string& datagram) { return datagram.starts_with(text); };
  while (std::ranges::count_if(heard_, is_it) < times) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() > 0 && receive(left)) continue;
    std::string all;
    for (const auto& datagram : heard_)
      all += datagram + "\n";
    throw std::runtime_error("nobody said '" + text + "', only:\n" + all);
  }
}

const std::vector<std::string>& DatagramSocket::heard() {
  while (receive(std::chrono::milliseconds(0))) {
  }
  return heard_;
}

}  // namespace devy::testing
