#pragma once
// GitHub's REST API as a stand-in whose state changes while somebody reads it: the node program of
// tests/peers/github_state, whose README.md names the acts. What a test decides answer by answer is
// FakeGithub's. Any thread. Throws std::runtime_error when node or an act fails; the destructor
// ends the program, and with it all connections.
//
//   GithubState github;
//   github.control(R"([{"do":"fill","repository":"alice/notes","issues":200,"pulls":20}])");
//   … "api_url = " + github.url() …

#include <string>
#include <string_view>

#include "tests/support/process/node_server.hpp"

namespace devy::testing {

struct GithubStateOptions {
  bool is_strict = false;  // answers 599 to what GitHub's own description does not know
};

class GithubState {
 public:
  explicit GithubState(GithubStateOptions options = {});

  [[nodiscard]] const std::string& url() const {
    return server_.url();
  }  // without a slash at its end
  // Does one act or an array of them; returns what was made, an object or an array.
  std::string control(std::string_view acts) const;
  [[nodiscard]] std::string state() const;     // every fact, as GET /_state
  [[nodiscard]] std::string requests() const;  // those since the last reset, as GET /_requests
  void forget_requests() const;
  // What each change since the last reset made GitHub say, as GET /_deliveries: {event, guid,
  // payload}; kept after the act {"do":"webhooks","recorded":true}, without any receiver.
  [[nodiscard]] std::string deliveries() const;
  void forget_deliveries() const;

 private:
  NodeServer server_;
};

}  // namespace devy::testing
