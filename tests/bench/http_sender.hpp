#pragma once
// A connection to a server that is measured, which stays for as long as the server lets it, as a
// proxy's do; asked with as few calls as that takes: what the senders use of the processors, nobody
// else has. For the benchmarks only. One thread.

#include <netinet/in.h>

#include <array>
#include <string>
#include <string_view>

#include "core/platform/base/descriptor.hpp"

namespace devy::bench {

class HttpSender {
 public:
  // "127.0.0.1:8080"; the port counts.
  explicit HttpSender(const std::string& address);

  // Sends a whole request and gives the status; 0 when there was no answer. Throws
  // std::runtime_error for an answer that does not say how long it is.
  int send(const std::string& bytes);
  // The same with a body of `bytes` bytes: `piece` again and again, the first one being `first`,
  // which makes it unlike any other. Both are as long as each other.
  int stream(const std::string& head, std::size_t bytes, const std::string& first,
             const std::string& piece);
  // The last answer.
  [[nodiscard]] std::string_view head() const;
  [[nodiscard]] std::string_view body() const;

 private:
  int send_once(const std::string& bytes);
  bool connect();
  bool write(std::string_view bytes);
  int answer();
  bool is_whole();
  int fail();

  sockaddr_in where_{};
  base::Descriptor socket_;
  std::string answer_;
  std::size_t head_bytes_ = 0;
  std::array<char, 65'536> chunk_{};
};

}  // namespace devy::bench
