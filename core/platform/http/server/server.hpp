#pragma once
// An HTTP/1.1 server for few routes and hostile clients; the listener and the admin role use it.
//
// One thread holds all connections and reads requests without blocking on any of them, so a slow
// client costs a descriptor but delays nobody. Complete requests go to a small pool of threads that
// run the handlers; the first thread then writes the responses. Everything is bounded: connections,
// bytes of a head, bytes of a body, bytes of all bodies, and one deadline from a request's first
// byte to its last. Complete requests wait for a thread and are never refused for it: a connection
// has one at a time, so the limit for connections is theirs too. A client may send further requests
// over a connection, each after the response to the one before, as long as none was refused; an
// idle connection is closed when another client needs its place.
//
// Framing is strict, because a proxy and a lenient server may disagree about it: one plain
// Content-Length for a method with a body, no Transfer-Encoding, no Content-Encoding, no folded or
// malformed header (http_head.hpp).
//
// HEAD is answered by the handler of GET, whose body is left away, and OPTIONS with the methods of
// the path, unless a route says otherwise. A handler decides Cache-Control, ETag and everything
// else in its response's headers; the server adds framing, and `Cache-Control: no-store` and
// `X-Content-Type-Options: nosniff` where the handler does not speak of them. An answer of 400 and
// above ends its connection.
//
// A route with `open` gets its body as it comes, in slices, and an answer may have a part of a file
// behind its head (files.md, section 2); a pool of its own reads and writes these. It serves no
// files by itself, nor ranges or multipart bodies. Handlers run in several threads at
// once; an exception of a handler becomes a response by the table of base::Error, with fixed text.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/http/server/body_sink.hpp"
#include "core/platform/http/server/message.hpp"

namespace devy::server {

// Sends the response to a request. It is to be called once, from any thread.
using Respond = std::function<void(http::Response)>;

// Says what becomes of a body: see Route::open. It is to be called once, from any thread.
using Opened = std::function<void(Opening)>;

struct Route {
  // GET, which serves HEAD too, HEAD, POST, PUT, PATCH, DELETE or OPTIONS. A GET, HEAD or OPTIONS
  // has no body, a DELETE may have one.
  std::string method;
  std::string path;  // literal segments; "*" matches any one: "/v1/uploads/*/*"; "/**" at the end
                     // matches all that follow
  std::uint64_t body_bytes_max = 0;
  std::function<http::Response(const ReceivedRequest&)> handler;
  bool is_body_optional = false;  // a POST without Content-Length has an empty body
  // Used instead of `handler`: an asynchronous handler that returns its thread before it responds.
  // It may throw only while it has not yet handed `respond` on. The request is shared with the code
  // that will respond.
  std::function<void(std::shared_ptr<const ReceivedRequest> request, const Respond& respond)>
      async_handler = {};
  // Used instead of `handler`: it decides by the head, in the pool, whether the body is wanted, and
  // who takes it; the request has no body. Only then is the sender told to go on, if he asks. It
  // may call `opened` later, from another thread; it may throw only before it has handed it on.
  std::function<void(std::shared_ptr<const ReceivedRequest> request, const Opened& opened)> open =
      {};
};

// Limits for bodies that are taken as they come, and for answers from files.
struct StreamSettings {
  unsigned threads = 4;  // that call sinks and read files
  std::uint32_t streams_max = 256;
  std::size_t slice_bytes = 256UL * 1024;
  // A body has no deadline as a whole. It ends when no byte has come for so long.
  std::chrono::milliseconds stall{30'000};
  // One that is slower than this after so long is the first to go when places are short.
  std::chrono::milliseconds slow_after{60'000};
  std::uint64_t slow_bytes_per_second = 1024;
};

struct TlsSettings {
  std::string certificate_file;  // PEM chain
  std::string key_file;          // mode 0640 or narrower
  std::string client_ca_file;    // PEM; empty: no client certificate is requested
};

struct ServerSettings {
  std::string name = {};  // in log lines: "listener", "admin"
  unsigned threads = 4;
  std::uint32_t connections_max = 512;  // further ones wait in the kernel's backlog
  std::uint64_t head_bytes_max = 16ULL * 1024;
  // Limits for the bytes of all bodies held at once, and of those of one sender. A body counts as
  // it arrives, and its first 64 KiB do not count. One that finds no room waits for those that are
  // being answered or read briskly; one that arrives slowly gives way to it and gets 408.
  std::uint64_t bodies_bytes_max = 128ULL * 1024 * 1024;
  std::uint64_t sender_bodies_bytes_max = 128ULL * 1024 * 1024;
  // Names the sender whose share a body takes, by its head; empty: unknown, without a share. By
  // default it is the address of the peer. Called in the server's thread; must not throw.
  std::function<std::string(const ReceivedRequest&)> sender_of = {};
  // Limit from the request's first byte (or accept) to its last, beside the time that its body
  // waited for memory.
  std::chrono::milliseconds request_deadline{10'000};
  std::chrono::milliseconds response_deadline{10'000};
  // Limit between two requests of a connection. It is longer than that of proxies (nginx: 60 s), so
  // that no connection is closed at the moment its proxy reuses it.
  std::chrono::milliseconds idle_timeout{75'000};
  std::uint32_t connection_requests_max = 1'000;
  std::optional<TlsSettings> tls = {};  // on TCP sockets; Unix sockets are always plain
  StreamSettings streams = {};
};

struct ServerCounters {
  std::uint64_t connections = 0;  // connections open now
  std::uint64_t in_flight = 0;    // complete requests without a response yet
  std::uint64_t requests = 0;     // answered by a handler
  std::uint64_t refused = 0;      // answered by the server itself: framing, limits, no route
  std::uint64_t overloaded = 0;   // of the refused: those with 503
  std::uint64_t timed_out = 0;    // closed at a deadline, during a request
  std::uint64_t streams = 0;      // bodies that are being taken as they come, now
};

class HttpServer {
 public:
  // Takes bound, listening sockets, TCP or Unix, from bind_socket() or inherited. Throws
  // Error(config) for a certificate or key that cannot be used.
  HttpServer(ServerSettings settings, std::vector<Route> routes,
             std::vector<base::Descriptor> sockets);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Serves in this thread and its pool until asked to stop; then it accepts no more connections,
  // responds to the complete requests, and returns.
  void run(const std::stop_token& stop);
  [[nodiscard]] ServerCounters counters() const;  // any thread

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Throws Error(config) for what bind_socket() could not be given on any machine. Binds nothing.
void check_address(const std::string& address);

// Accepts "127.0.0.1:8080", "[::1]:8080" (port 0: any free one) or "unix:/run/devy/listener.sock"
// (mode 0660). The socket listens with a backlog of 1 024 and without SO_REUSEPORT: a second server
// on the same port is an error. A Unix socket on which nobody listens any more is replaced. Throws
// Error(unavailable, "address_in_use"), Error(config) for an invalid address, Error(denied).
[[nodiscard]] base::Descriptor bind_socket(const std::string& address);
// The address on which a socket listens, in the same notation; for logs, and for tests with port 0.
[[nodiscard]] std::string address_of(int socket);

}  // namespace devy::server
