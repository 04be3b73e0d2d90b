#pragma once
// A server that is measured: a process of its own, started, and ended with its object. For the
// benchmarks only. One thread. Throws std::runtime_error.

#include <sys/types.h>

#include <string>
#include <vector>

namespace devy::bench {

class ServerProcess {
 public:
  enum class Greeting { says_where, is_silent };

  // says_where: until its first line, which is said(). is_silent: nobody waits, see await_port().
  explicit ServerProcess(std::vector<std::string> arguments,
                         Greeting greeting = Greeting::says_where);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  [[nodiscard]] const std::string& said() const { return said_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::string said_;
};

// A loopback port that nobody listens on at this moment.
[[nodiscard]] int free_port();
// Until somebody listens there.
void await_port(int port);

// What a process has used of the processors, in seconds, with the children it has waited for and,
// when asked, with those that still live.
enum class Children { ended_ones, living_too };
[[nodiscard]] double processor_seconds(pid_t pid, Children children);

}  // namespace devy::bench
