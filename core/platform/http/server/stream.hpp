#pragma once
// A client's socket, plain or under TLS, that never blocks its thread. Owns the socket. One thread.
// Only make_tls() throws; any failure of a client is reported as `closed`.
//
// Writes raise no SIGPIPE under plain TCP; under TLS they may, so the thread has to block that
// signal.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/http/server/server.hpp"

struct ssl_ctx_st;

namespace devy::server {

enum class Io { done, wants_read, wants_write, closed };

class Stream {
 public:
  explicit Stream(base::Descriptor socket) : socket_(std::move(socket)) {}
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Call it until it returns `done`; then reading and writing may begin.
  virtual Io handshake() = 0;
  // Appends the bytes that have arrived, at most `bytes_max`; returns `done` when there was at
  // least one.
  virtual Io read(std::string& target, std::size_t bytes_max) = 0;
  // Removes what was written from the front of `rest`; returns `done` when everything was written.
  virtual Io write(std::string_view& rest) = 0;
  // Tells the client that no more data follows.
  virtual void finish_writing() = 0;
  // Tells whether the stream's end must be announced, so that the client can tell it from a broken
  // connection.
  [[nodiscard]] virtual bool says_goodbye() const { return false; }
  // Tells whether data has arrived that poll(2) on the socket will not report again.
  [[nodiscard]] virtual bool holds_more() const { return false; }
  // The subjects of the client's certificate: see Request::certificate_subjects.
  [[nodiscard]] virtual std::vector<std::string> certificate_subjects() const { return {}; }
  [[nodiscard]] int socket() const { return socket_.get(); }

 private:
  base::Descriptor socket_;
};

[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(base::Descriptor socket);

// The certificate, the key and the client authorities of a server. They are read once.
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

}  // namespace devy::server
