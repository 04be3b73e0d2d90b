#include "tests/support/http/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace devy::testing {
namespace {

constexpr std::size_t header_bytes = 5;  // a type and a length that counts itself
constexpr int listen_backlog = 64;

bool send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// In pieces of a twentieth of a second's share.
bool send_slowly(int descriptor, std::string_view bytes, std::int64_t bytes_per_second) {
  constexpr std::chrono::milliseconds piece_time{50};
  const auto piece_bytes =
      static_cast<std::size_t>(std::max<std::int64_t>(bytes_per_second / 20, 1));
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, piece_bytes);
    if (!send_all(descriptor, piece)) return false;
    bytes.remove_prefix(piece.size());
    std::this_thread::sleep_for(piece_time);
  }
  return true;
}

int connect_to_target(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) throw std::runtime_error("socket path too long");
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0)
    return descriptor;
  close(descriptor);
  return -1;
}

// Bytes of the message at the start of `pending`; 0 while its header is not all there.
std::size_t message_bytes(std::string_view pending) {
  if (pending.size() < header_bytes) return 0;
  std::size_t length = 0;
  for (std::size_t i = 1; i < header_bytes; ++i)
    length = length << 8U | static_cast<unsigned char>(pending[i]);
  return length + 1;
}

// CommandComplete with that tag (a transaction that failed says ROLLBACK, not COMMIT).
bool is_done(std::string_view message, std::string_view tag) {
  return message.front() == 'C' && message.substr(header_bytes).starts_with(tag);
}

}  // namespace

// Closed by its destructor only, so that a number is never used again while a thread reads it.
struct TcpProxy::Connection {
  Connection(int client_side, int server_side) : client(client_side), server(server_side) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    end();
    if (requests.joinable()) requests.join();
    if (answers.joinable()) answers.join();
    close(client);
    close(server);
  }
  void end() {
    is_over = true;
    shutdown(client, SHUT_RDWR);
    shutdown(server, SHUT_RDWR);
  }
  const int client, server;
  std::atomic<bool> is_over{false};
  std::thread requests, answers;
};

TcpProxy::TcpProxy(std::string target_socket) : target_(std::move(target_socket)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, listen_backlog) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    close(listener_);
    throw std::runtime_error("unable to listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

TcpProxy::~TcpProxy() {
  is_stopping_ = true;
  heal();
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  cut();
}

std::string TcpProxy::conninfo(std::string_view database) const {
  return "host=127.0.0.1 port=" + std::to_string(port_) +
         " user=devy dbname=" + std::string(database) + " sslmode=disable gssencmode=disable";
}

void TcpProxy::delay(std::chrono::milliseconds by) {
  delay_ms_ = by.count();
}

void TcpProxy::throttle(std::int64_t bytes_per_second) {
  bytes_per_second_ = bytes_per_second;
}

void TcpProxy::cut_after(std::uint64_t bytes) {
  bytes_left_ = static_cast<std::int64_t>(bytes);
}

void TcpProxy::cut() {
  std::vector<std::unique_ptr<Connection>> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(connections_);
    for (auto& connection : ended)
      connection->end();
  }
  healed_.notify_all();  // the silent ones have to see that they are over
}

void TcpProxy::reset() {
  {
    const std::lock_guard lock(mutex_);
    const sockaddr nobody{AF_UNSPEC, {}};  // to disconnect is to reset
    for (auto& connection : connections_)
      static_cast<void>(connect(connection->client, &nobody, sizeof nobody));
  }
  cut();
}

void TcpProxy::go_silent() {
  is_silent_ = true;
}

void TcpProxy::swallow(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  swallowed_tag_ = tag;
}

void TcpProxy::go_silent_after(const std::string& tag) {
  const std::lock_guard lock(mutex_);
  silent_tag_ = tag;
}

void TcpProxy::heal() {
  {
    const std::lock_guard lock(mutex_);
    is_silent_ = false;
    swallowed_tag_.clear();
    silent_tag_.clear();
  }
  delay_ms_ = 0;
  bytes_per_second_ = 0;
  bytes_left_ = -1;
  healed_.notify_all();
}

void TcpProxy::accept_all() {
  while (!is_stopping_) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    ++connections_made_;
    const int server = connect_to_target(target_);
    if (server < 0) {
      close(client);
      continue;
    }
    auto connection = std::make_unique<Connection>(client, server);
    auto& opened = *connection;
    const std::lock_guard lock(mutex_);
    opened.requests = std::thread([this, &opened] { pass_requests(opened); });
    opened.answers = std::thread([this, &opened] { pass_answers(opened); });
    connections_.push_back(std::move(connection));
  }
}

void TcpProxy::wait_while_silent(const Connection& connection) {
  std::unique_lock lock(mutex_);
  healed_.wait(lock, [&] { return !is_silent_ || is_stopping_ || connection.is_over; });
}

void TcpProxy::pass_requests(Connection& connection) {
  std::array<char, 65536> buffer{};
  ssize_t count = 0;
  while ((count = recv(connection.client, buffer.data(), buffer.size(), 0)) > 0) {
    wait_while_silent(connection);
    if (!send_all(connection.server, {buffer.data(), static_cast<std::size_t>(count)})) break;
  }
  connection.end();
}

bool TcpProxy::forward(Connection& connection, std::string_view bytes) {
  wait_while_silent(connection);
  if (delay_ms_ > 0) std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms_));
  if (const std::int64_t rate = bytes_per_second_; rate > 0)
    return send_slowly(connection.client, bytes, rate);
  const std::int64_t left = bytes_left_;
  if (left < 0) return send_all(connection.client, bytes);
  const auto passed = bytes.substr(0, static_cast<std::size_t>(left));
  bytes_left_ = left - static_cast<std::int64_t>(passed.size());
  return send_all(connection.client, passed) && passed.size() == bytes.size();
}

bool TcpProxy::read_swallow(std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (swallowed_tag_.empty() || !is_done(message, swallowed_tag_)) return false;
  swallowed_tag_.clear();
  ++commits_swallowed_;
  return true;
}

bool TcpProxy::read_silence(std::string_view message) {
  const std::lock_guard lock(mutex_);
  if (silent_tag_.empty() || !is_done(message, silent_tag_)) return false;
  silent_tag_.clear();
  return true;
}

// Whole messages only, so that a COMMIT's answer is seen before any of it is passed on.
bool TcpProxy::forward_messages(Connection& connection, std::string& pending) {
  std::size_t done = 0;
  bool is_lost = false, falls_silent = false;
  while (!is_lost && !falls_silent) {
    const auto rest = std::string_view(pending).substr(done);
    const auto size = message_bytes(rest);
    if (size == 0 || rest.size() < size) break;
    is_lost = read_swallow(rest.substr(0, size));
    falls_silent = read_silence(rest.substr(0, size));
    if (!is_lost) done += size;
  }
  const bool passed = done == 0 || forward(connection, std::string_view(pending).substr(0, done));
  pending.erase(0, done);
  if (falls_silent) {
    go_silent();
    return passed && forward_messages(connection, pending);
  }
  return passed && !is_lost;
}

void TcpProxy::pass_answers(Connection& connection) {
  std::array<char, 65536> buffer{};
  std::string pending;
  ssize_t count = 0;
  while ((count = recv(connection.server, buffer.data(), buffer.size(), 0)) > 0) {
    pending.append(buffer.data(), static_cast<std::size_t>(count));
    if (!forward_messages(connection, pending)) break;
  }
  connection.end();
}

}  // namespace devy::testing
