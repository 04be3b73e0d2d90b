#include "tests/support/http/raw_http.hpp"
#include "tests/support/time_factor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace devy::testing {
namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::chrono::seconds answer_patience{20};
constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

int connected(int socket, const sockaddr* where, socklen_t length, const std::string& address) {
  if (socket < 0 || ::connect(socket, where, length) != 0)
    throw std::runtime_error("unable to connect to " + address + ": " + strerror(errno));
  return socket;
}

int connect_to(const std::string& address) {
  if (address.starts_with(unix_prefix)) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    address.copy(static_cast<char*>(where.sun_path), sizeof where.sun_path - 1, unix_prefix.size());
    return connected(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
                     reinterpret_cast<const sockaddr*>(&where), sizeof where, address);
  }
  sockaddr_in where{};
  where.sin_family = AF_INET;
  const auto colon = address.rfind(':');
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &where.sin_addr);
  where.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  return connected(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                   reinterpret_cast<const sockaddr*>(&where), sizeof where, address);
}

}  // namespace

RawConnection::RawConnection(const std::string& address) : socket_(connect_to(address)) {}

RawConnection::~RawConnection() {
  ::close(socket_);
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd ready{socket_, POLLOUT, 0};
    if (::poll(&ready, 1, static_cast<int>(std::chrono::milliseconds(answer_patience).count())) <=
        0)
      return false;
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN) return false;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawConnection::finish() {
  ::shutdown(socket_, SHUT_WR);
}

bool RawConnection::read_some(std::chrono::milliseconds timeout) {
  pollfd ready{socket_, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(timeout.count())) <= 0)
    throw std::runtime_error("no answer came in time; so far: " + input_);
  std::array<char, 16384> chunk{};
  const auto count = ::recv(socket_, chunk.data(), chunk.size(), 0);
  is_reset_ = count < 0;
  if (count > 0) input_.append(chunk.data(), static_cast<std::size_t>(count));
  return count > 0;
}

bool RawConnection::wait_for(std::string_view text) {
  while (input_.find(text) == std::string::npos)
    if (!read_some(answer_patience)) return false;
  return true;
}

RawAnswer RawConnection::read_answer(std::size_t body_bytes_max) {
  RawAnswer answer;
  answer.is_reset = is_reset_;
  const auto end = input_.find(head_end);
  if (end == std::string::npos) return answer;
  answer.head = input_.substr(0, end + 2);
  answer.body = input_.substr(end + head_end.size(), body_bytes_max);
  answer.status = std::atoi(answer.head.substr(answer.head.find(' ') + 1, 3).c_str());
  input_.erase(0, end + head_end.size() + answer.body.size());
  return answer;
}

RawAnswer RawConnection::answer(std::chrono::milliseconds timeout) {
  while (read_some(time_factor * timeout)) {
  }
  if (input_.starts_with(interim)) input_.erase(0, interim.size());
  return read_answer(input_.size());
}

RawAnswer RawConnection::next_answer(std::chrono::milliseconds timeout) {
  constexpr std::string_view length_header = "Content-Length: ";
  while (true) {
    const auto end = input_.find(head_end);
    const auto length = input_.find(length_header);
    if (end != std::string::npos && length < end) {
      const auto bytes = std::stoul(input_.substr(length + length_header.size()));
      if (input_.size() >= end + head_end.size() + bytes) return read_answer(bytes);
    }
    if (!read_some(time_factor * timeout)) return read_answer(0);
  }
}

std::string request_bytes(const std::string& method, const std::string& target,
                          const RawHeaders& headers, std::string_view body) {
  std::string bytes = method + " " + target + " HTTP/1.1\r\n";
  const bool has_host = std::any_of(headers.begin(), headers.end(),
                                    [](const auto& header) { return header.first == "Host"; });
  if (!has_host) bytes += "Host: devy.example\r\n";
  bool is_told = false;
  for (const auto& [name, value] : headers) {
    bytes.append(name).append(": ").append(value).append("\r\n");
    is_told |= name == "Connection";
  }
  if (!is_told) bytes += "Connection: close\r\n";
  if (method != "GET") bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  bytes.append("\r\n").append(body);
  return bytes;
}

RawAnswer send_request(const std::string& address, const std::string& method,
                       const std::string& target, const RawHeaders& headers,
                       std::string_view body) {
  RawConnection connection(address);
  connection.send(request_bytes(method, target, headers, body));
  return connection.answer();
}

}  // namespace devy::testing
