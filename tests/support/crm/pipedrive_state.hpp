#pragma once
// Pipedrive's API as a stand-in that keeps what it is sent: the node program of
// tests/peers/pipedrive, whose README.md names the acts. Any thread. Throws std::runtime_error when
// node or an act fails.

#include <string>
#include <string_view>

#include "tests/support/process/node_server.hpp"

namespace devy::testing {

class PipedriveState {
 public:
  // The token that it accepts.
  static constexpr const char* token = "0123456789abcdef0123456789abcdef01234567";

  PipedriveState();
  [[nodiscard]] std::string api_url() const { return server_.url() + "/api/v2"; }
  // Does one act or an array of them.
  void control(std::string_view acts) const;
  [[nodiscard]] std::string state() const;     // {activities, deals}, as GET /_state
  [[nodiscard]] std::string requests() const;  // those since the last reset, as GET /_requests
  void forget_requests() const;

 private:
  NodeServer server_;
};

}  // namespace devy::testing
