#pragma once
// What a service manager hears of a daemon: a datagram socket of a test's own, for NOTIFY_SOCKET.
// One thread. Throws std::runtime_error.

#include <chrono>
#include <string>
#include <vector>

namespace devy::testing {

class DatagramSocket {
 public:
  explicit DatagramSocket(std::string path);
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;
  ~DatagramSocket();

  [[nodiscard]] const std::string& path() const { return path_; }
  // Until so many datagrams have begun with the text; throws when the time is up.
  void wait_for(const std::string& text, int times = 1,
                std::chrono::seconds timeout = std::chrono::seconds(60));
  // All that has come so far.
  [[nodiscard]] const std::vector<std::string>& heard();

 private:
  bool receive(std::chrono::milliseconds timeout);
  std::string path_;
  int socket_ = -1;
  std::vector<std::string> heard_;
};

}  // namespace devy::testing
