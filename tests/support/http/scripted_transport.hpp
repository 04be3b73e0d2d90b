#pragma once
// The http::Transport of tests: answers by a function, keeps what was asked. One thread.

#include <functional>
#include <vector>

#include "core/platform/http/transport.hpp"

namespace devy::testing {

class ScriptedTransport final : public http::Transport {
 public:
  using Play = std::function<http::Response(const http::Request&)>;
  explicit ScriptedTransport(Play play) : play_(std::move(play)) {}

  http::Response send(const http::Request& request, const http::OnBody&) override {
    requests.push_back(request);
    return play_(request);
  }
  // Of a request, in any case; empty when there is none.
  static std::string header(const http::Request& request, std::string_view name) {
    return std::string(http::first_header(request.headers, name));
  }

  std::vector<http::Request> requests;

 private:
  Play play_;
};

}  // namespace devy::testing
