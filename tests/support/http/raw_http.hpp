#pragma once
// An HTTP client that sends whatever bytes it is given, well-formed or not, over loopback TCP or a
// Unix socket. Every wait is bounded; what fails throws std::runtime_error. One thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::testing {

struct RawAnswer {
  int status = 0;    // 0: the server closed without a word
  std::string head;  // with its status line
  std::string body;
  bool is_reset = false;  // the connection ended with an error

  [[nodiscard]] bool has(std::string_view header) const {
    return head.find(header) != std::string::npos;
  }
};

class RawConnection {
 public:
  // As address_of() writes it: "127.0.0.1:8080" or "unix:/path".
  explicit RawConnection(const std::string& address);
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection();

  // False: the server takes no more.
  bool send(std::string_view bytes);
  // No more comes from here.
  void finish();
  // Everything until the server closes.
  [[nodiscard]] RawAnswer answer(std::chrono::milliseconds timeout = std::chrono::seconds(20));
  // One answer with its Content-Length; more may follow over this connection.
  [[nodiscard]] RawAnswer next_answer(std::chrono::milliseconds timeout = std::chrono::seconds(20));
  // Until that text has come; false when the server closed before.
  [[nodiscard]] bool wait_for(std::string_view text);
  [[nodiscard]] int socket() const { return socket_; }

 private:
  bool read_some(std::chrono::milliseconds timeout);
  RawAnswer read_answer(std::size_t body_bytes_max);
  int socket_ = -1;
  std::string input_;
  bool is_reset_ = false;
};

using RawHeaders = std::vector<std::pair<std::string, std::string>>;

// A well-formed request with its Content-Length, the last of its connection and to "devy.example"
// unless `headers` speak of that.
[[nodiscard]] std::string request_bytes(const std::string& method, const std::string& target,
                                        const RawHeaders& headers, std::string_view body);
[[nodiscard]] RawAnswer send_request(const std::string& address, const std::string& method,
                                     const std::string& target, const RawHeaders& headers = {},
                                     std::string_view body = {});

}  // namespace devy::testing
