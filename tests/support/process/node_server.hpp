#pragma once
// A server of tests/peers that node runs for a test: it prints {"url": …}, serves until its input
// ends, and takes acts at /_control. Any thread. Throws std::runtime_error when node or an act
// fails; the destructor ends the program, and with it all connections.

#include <sys/types.h>

#include <string>
#include <vector>

namespace devy::testing {

class NodeServer {
 public:
  // `name` is how errors call it: "the stand-in of GitHub".
  NodeServer(std::string name, std::vector<std::string> words);
  NodeServer(const NodeServer&) = delete;
  NodeServer& operator=(const NodeServer&) = delete;
  ~NodeServer();

  [[nodiscard]] const std::string& url() const { return url_; }  // without a slash at its end
  // One request; the body of its answer, whose status has to be 200.
  [[nodiscard]] std::string ask(const char* method, const char* path, std::string body = {}) const;

 private:
  std::string name_, url_;
  pid_t pid_ = -1;
  int input_ = -1;  // open as long as the program is to run
};

}  // namespace devy::testing
