#pragma once
// One client's requests, one after the other, from accept to the end of the last answer: who reads
// them, how far the present one has come, what it is waiting for. Belongs to the server's loop; one
// thread. Throws nothing of a client's making.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "daemon/http_head.hpp"
#include "daemon/http_routes.hpp"
#include "daemon/http_server.hpp"
#include "daemon/http_stream.hpp"

namespace devy::daemon {

// What a connection asks of its server.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  [[nodiscard]] virtual const ServerSettings& settings() const = 0;
  [[nodiscard]] virtual std::span<const Route> routes() const = 0;
  [[nodiscard]] virtual base::MonotonicTime now() const = 0;
  // Room for a body; false when all bodies together would be too large.
  [[nodiscard]] virtual bool reserve(std::uint64_t bytes) = 0;
  virtual void release(std::uint64_t bytes) = 0;
  // Hands a whole request to the pool; false when it is full.
  [[nodiscard]] virtual bool submit(std::uint64_t connection, const Route& route,
                                    Request request) = 0;
  virtual void count_refusal(int status) = 0;
  // Whether a client may send another request when it has its answer.
  [[nodiscard]] virtual bool may_stay() const = 0;
};

class Connection {
 public:
  enum class Wants { read, write, answer, close };

  // `host` is borrowed and outlives this.
  Connection(ConnectionHost& host, std::uint64_t id, std::unique_ptr<Stream> stream,
             std::string remote_address);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Goes on as far as it can: after accept, and whenever the socket is ready.
  [[nodiscard]] Wants advance();
  // The handler's answer has come.
  [[nodiscard]] Wants answer(const Response& response);

  [[nodiscard]] int socket() const { return stream_->socket(); }
  [[nodiscard]] base::MonotonicTime deadline() const { return deadline_; }
  [[nodiscard]] base::MonotonicTime begun_at() const { return begun_at_; }
  [[nodiscard]] bool is_reading() const { return phase_ < Phase::handling; }
  [[nodiscard]] bool is_handling() const { return phase_ == Phase::handling; }
  // Between two requests: nobody waits for an answer.
  [[nodiscard]] bool is_idle() const { return is_idle_; }
  void hurry(base::MonotonicTime deadline) { deadline_ = std::min(deadline_, deadline); }

 private:
  enum class Phase { handshake, head, body, handling, answer, lingering };

  void begin_request();
  [[nodiscard]] Wants read_head();
  [[nodiscard]] Wants take_head(std::size_t length);
  [[nodiscard]] Wants read_body();
  [[nodiscard]] Wants hand_over();
  [[nodiscard]] Wants write_answer();
  [[nodiscard]] Wants linger();
  [[nodiscard]] Wants refuse(const Refusal& refusal);
  [[nodiscard]] Wants begin_answer(const Response& response);
  [[nodiscard]] static Wants wants(Io io);

  ConnectionHost& host_;
  std::uint64_t id_;
  std::unique_ptr<Stream> stream_;
  const std::string remote_address_;
  Phase phase_ = Phase::handshake;
  base::MonotonicTime begun_at_, deadline_;
  std::uint32_t requests_ = 0;  // so far
  bool is_idle_ = false;
  bool is_last_ = true;  // of the present request; its answer says so
  std::vector<std::string> certificate_subjects_;
  Request request_;
  std::string input_;  // of the head, and what came of the body with it
  std::size_t seen_ = 0;
  const Route* route_ = nullptr;
  std::uint64_t body_bytes_ = 0, reserved_ = 0;
  std::string output_;
  std::string_view rest_;  // of output_, not yet written
  bool is_unread_ =
      false;  // the client may still be sending: closing at once would lose the answer
};

// The bytes of an answer. Its reason phrase and headers are ours.
[[nodiscard]] std::string to_bytes(const Response& response, bool is_last);
[[nodiscard]] Response refusal_response(const Refusal& refusal);

}  // namespace devy::daemon
