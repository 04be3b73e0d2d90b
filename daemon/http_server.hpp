#pragma once
// An HTTP/1.1 server for few routes and hostile clients: the listener's and the admin's.
//
// One thread holds all connections and reads whole requests without ever waiting for one of them,
// so slow clients cost a descriptor each and nobody else's time; whole requests go to a small pool
// of threads that run the handlers; answers are written by the first thread again. Everything has a
// bound: connections, bytes of a head, bytes of a body, bytes of all bodies, waiting requests, and
// one deadline from a request's first byte to its last. A client may send one request after the
// other over a connection, each when the one before is answered, as long as nothing was refused;
// one that sends nothing gives its place to whoever wants one.
//
// Framing is strict, because a lenient server is one that a proxy can be made to disagree with: one
// plain Content-Length for a method with a body, no Transfer-Encoding, no Content-Encoding, no
// folded or malformed header (http_head.hpp).
//
// Not a server for files, ranges, uploads in parts, or streaming. Handlers run in several threads
// at once; what they throw becomes an answer by the table of base::Error, with fixed text.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/descriptor.hpp"
#include "daemon/http_message.hpp"

namespace devy::daemon {

// Takes the answer to a request: once, from any thread.
using Answer = std::function<void(Response)>;

struct Route {
  std::string method;  // GET or POST
  std::string path;    // literal, part by part; a part "*" takes any one: "/v1/uploads/*/*"
  std::uint64_t body_bytes_max = 0;
  std::function<Response(const Request&)> handler;
  bool is_body_optional = false;  // a POST without Content-Length has an empty one
  // Instead of `handler`: one that gives its thread back before it answers. It throws only as long
  // as it has given `answer` to nobody. The request is shared with whoever is to answer.
  std::function<void(std::shared_ptr<const Request> request, const Answer& answer)> late_handler =
      {};
};

struct TlsSettings {
  std::string certificate_file;  // PEM chain
  std::string key_file;          // mode 0640 or narrower
  std::string client_ca_file;    // PEM; empty: no client certificate is asked for
};

struct ServerSettings {
  std::string name = {};  // in log lines: "listener", "admin"
  unsigned threads = 4;
  std::uint32_t connections_max = 512;      // more wait in the kernel's backlog
  std::uint32_t waiting_requests_max = 64;  // whole requests beyond one a thread; more get 503
  std::uint64_t head_bytes_max = 16ULL * 1024;
  // Of all bodies at once; what does not fit gets 503. Small bodies (64 KiB) always fit.
  std::uint64_t bodies_bytes_max = 128ULL * 1024 * 1024;
  std::chrono::milliseconds request_deadline{
      10'000};  // from its first byte (or accept) to its last
  std::chrono::milliseconds response_deadline{10'000};
  // Between two requests of a connection. Longer than proxies keep theirs (nginx: 60 s), so that
  // none is closed at the moment in which its proxy uses it again.
  std::chrono::milliseconds idle_timeout{75'000};
  std::uint32_t connection_requests_max = 1'000;
  std::optional<TlsSettings> tls = {};  // on TCP sockets; Unix sockets are always plain
};

struct ServerCounters {
  std::uint64_t connections = 0;  // open now
  std::uint64_t in_flight = 0;    // whole requests without an answer
  std::uint64_t requests = 0;     // answered by a handler
  std::uint64_t refused = 0;      // answered by the server itself: framing, limits, no route
  std::uint64_t overloaded = 0;   // of these, with 503
  std::uint64_t timed_out = 0;    // closed at a deadline, within a request
};

class HttpServer {
 public:
  // Takes bound, listening sockets, TCP or Unix, made by bind_socket() or inherited. Throws
  // Error(config) for a certificate or key that cannot be used.
  HttpServer(ServerSettings settings, std::vector<Route> routes,
             std::vector<base::Descriptor> sockets);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Serves in this thread and its pool until asked to stop; then takes no more connections, answers
  // the requests that are whole, and returns.
  void run(const std::stop_token& stop);
  [[nodiscard]] ServerCounters counters() const;  // any thread

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// "127.0.0.1:8080", "[::1]:8080" (port 0: any free one) or "unix:/run/devy/listener.sock" (mode
// 0660). Listening with a backlog of 1 024, without SO_REUSEPORT: a second server on the same port
// is an error. A Unix socket nobody listens on any more is replaced. Throws Error(unavailable,
// "address_in_use"), Error(config) for an address that is none, Error(denied).
[[nodiscard]] base::Descriptor bind_socket(const std::string& address);
// Where a socket listens, in the same words; for logs and tests with port 0.
[[nodiscard]] std::string address_of(int socket);

}  // namespace devy::daemon
