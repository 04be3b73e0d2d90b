#pragma once
// Takes the body of a request as it comes, for a route that has `open` (server.hpp): whatever the
// size of a body, the server holds two slices of it. A slow sink makes its sender wait, because
// nothing more is read from him meanwhile.
//
// The server owns a sink from the moment at which it is given one until finish() or broken() has
// returned, and calls it from threads of a pool of its own, one call at a time. Each may wait for a
// disk or a database. Exceptions become answers by the table of base::Error.

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "core/platform/http/message.hpp"

namespace devy::server {

class BodySink {
 public:
  virtual ~BodySink() = default;
  // The next bytes of the body. An answer refuses the rest of it; then nothing more is called.
  virtual std::optional<http::Response> take(std::string_view slice) = 0;
  // The whole body was taken.
  virtual http::Response finish() = 0;
  // The body ends before its end: the connection was lost or the server stops. What had come before
  // was taken. `reason` is a word for logs. It throws nothing.
  virtual void broken(std::string_view reason) noexcept = 0;
};

// The outcome of opening a body: an answer that refuses it, or the sink that takes it.
using Opening = std::variant<http::Response, std::shared_ptr<BodySink>>;

}  // namespace devy::server
