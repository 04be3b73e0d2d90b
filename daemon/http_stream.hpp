#pragma once
// A client's socket, plain or under TLS, that never makes its thread wait. Owns the socket. One
// thread. Nothing is thrown but by make_tls(); whatever goes wrong with a client is `closed`.
//
// Writes raise no SIGPIPE under plain TCP; under TLS they may, so the thread has to block it.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/descriptor.hpp"
#include "daemon/http_server.hpp"

struct ssl_ctx_st;

namespace devy::daemon {

enum class Io { done, wants_read, wants_write, closed };

class Stream {
 public:
  explicit Stream(base::Descriptor socket) : socket_(std::move(socket)) {}
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Until `done`; then reading and writing may begin.
  virtual Io handshake() = 0;
  // Appends what has come, at most `bytes_max`; `done` when that was at least a byte.
  virtual Io read(std::string& target, std::size_t bytes_max) = 0;
  // Takes what was written off the front of `rest`; `done` when all of it was.
  virtual Io write(std::string_view& rest) = 0;
  // Tells the client that no more comes.
  virtual void finish_writing() = 0;
  // Whether its end must be said, for the client to know it from a connection that was cut.
  [[nodiscard]] virtual bool says_goodbye() const { return false; }
  // Whether something has come that its socket will not tell of again.
  [[nodiscard]] virtual bool holds_more() const { return false; }
  // Of the certificate that the client has shown: see Request::certificate_subjects.
  [[nodiscard]] virtual std::vector<std::string> certificate_subjects() const { return {}; }
  [[nodiscard]] int socket() const { return socket_.get(); }

 private:
  base::Descriptor socket_;
};

[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(base::Descriptor socket);

// The certificate, the key and the client authorities of a server, read once.
class Tls {
 public:
  // Throws Error(config).
  explicit Tls(const TlsSettings& settings);
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls();
  [[nodiscard]] std::unique_ptr<Stream> make_stream(base::Descriptor socket) const;

 private:
  ssl_ctx_st* context_;
};

}  // namespace devy::daemon
