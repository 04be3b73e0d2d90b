#include "core/platform/http/server/stream.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace devy::server {
namespace {

class PlainStream : public Stream {
 public:
  using Stream::Stream;

  Io handshake() override { return Io::done; }

  Io read(std::string& target, std::size_t bytes_max) override {
    std::array<char, 64UL * 1024> chunk{};
    const auto count = ::recv(socket(), chunk.data(), std::min(chunk.size(), bytes_max), 0);
    if (count > 0) {
      target.append(chunk.data(), static_cast<std::size_t>(count));
      return Io::done;
    }
    if (count == 0) return Io::closed;
    return errno == EAGAIN || errno == EINTR ? Io::wants_read : Io::closed;
  }

  Io write(std::string_view& rest) override {
    while (!rest.empty()) {
      const auto count = ::send(socket(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR ? Io::wants_write : Io::closed;
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    return Io::done;
  }

  void finish_writing() override { ::shutdown(socket(), SHUT_WR); }
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(base::Descriptor socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace devy::server
