#pragma once
// A network that misbehaves on request: listens on a loopback port and passes PostgreSQL's protocol
// on to the test cluster's Unix socket. Knows just enough of it to lose the answer to a COMMIT.
//
// Two threads a connection; every method may be called from any thread, also while connections are
// open. A fault stays until heal(). The destructor closes everything.

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace devy::testing {

class TcpProxy {
 public:
  // `target_socket` is postgres().socket_path().
  explicit TcpProxy(std::string target_socket);
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;
  ~TcpProxy();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // Of `database` by way of this proxy.
  [[nodiscard]] std::string conninfo(std::string_view database) const;

  // Each piece the server sends arrives this much later.
  void delay(std::chrono::milliseconds by);
  // At most so many bytes a second from the server, each connection.
  void throttle(std::int64_t bytes_per_second);
  // After this many more bytes from the server, whoever gets them, connections are cut.
  void cut_after(std::uint64_t bytes);
  // Open connections end now; new ones work.
  void cut();
  // … with a reset, as from a host that restarted and knows of no connection.
  void reset();
  // Connections are accepted and nothing passes, either way. What was sent arrives after heal().
  void go_silent();
  // The same from the moment when a statement of that command tag is done, in the middle of its
  // answer: its rows and its tag still pass, what ends the answer does not. Once.
  void go_silent_after(const std::string& tag);
  // The next COMMIT is done by the server, and its answer lost with the connection. Once.
  void swallow_commit() { swallow("COMMIT"); }
  // The same of a statement that commits by itself, by its command tag: "SELECT".
  void swallow(const std::string& tag);
  void heal();

  [[nodiscard]] int commits_swallowed() const { return commits_swallowed_; }
  [[nodiscard]] int connections_made() const { return connections_made_; }

 private:
  struct Connection;
  void accept_all();
  void pass_requests(Connection& connection);
  void pass_answers(Connection& connection);
  bool forward(Connection& connection, std::string_view bytes);
  bool forward_messages(Connection& connection, std::string& pending);
  void wait_while_silent(const Connection& connection);
  bool read_swallow(std::string_view message);
  bool read_silence(std::string_view message);

  const std::string target_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_stopping_{false}, is_silent_{false};
  std::atomic<std::int64_t> delay_ms_{0}, bytes_left_{-1};  // -1: no end
  std::atomic<std::int64_t> bytes_per_second_{0};           // 0: as fast as it can
  std::atomic<int> commits_swallowed_{0}, connections_made_{0};
  std::mutex mutex_;
  std::string swallowed_tag_, silent_tag_;  // guarded by mutex_; empty: none
  std::condition_variable healed_;
  std::vector<std::unique_ptr<Connection>> connections_;  // guarded by mutex_
  std::thread acceptor_;
};

}  // namespace devy::testing
