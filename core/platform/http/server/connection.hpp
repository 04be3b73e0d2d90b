#pragma once
// The requests of one client connection, one after the other, from accept to the end of the last
// response: its stream, the progress of the current request, and what it waits for. Belongs to the
// server's event loop; one thread. Nothing that a client does makes it throw.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/http/server/body_memory.hpp"
#include "core/platform/http/server/head.hpp"
#include "core/platform/http/server/routes.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/http/server/stream.hpp"
#include "core/platform/http/server/transfer.hpp"

namespace devy::server {

class Connection;

// The services that a connection needs from its server.
class ConnectionHost {
 public:
  virtual ~ConnectionHost() = default;
  [[nodiscard]] virtual const ServerSettings& settings() const = 0;
  [[nodiscard]] virtual std::span<const Route> routes() const = 0;
  [[nodiscard]] virtual base::MonotonicTime now() const = 0;
  // Reserves memory for the body that the connection reads. While others will soon free what is
  // missing, the connection waits; it may have to give up. Another connection may have to as well.
  enum class Room { granted, later, none };
  [[nodiscard]] virtual Room reserve(const Connection& connection, std::uint64_t bytes) = 0;
  virtual void release(const std::string& sender, std::uint64_t bytes) = 0;
  // Hands a complete request to the thread pool, where it waits for a thread.
  virtual void submit(std::uint64_t connection, const Route& route, ReceivedRequest request) = 0;
  // The same for a request whose body is still to come: the route says what becomes of it. False:
  // too many bodies come at once.
  [[nodiscard]] virtual bool submit_opening(std::uint64_t connection, const Route& route,
                                            ReceivedRequest request) = 0;
  [[nodiscard]] virtual std::shared_ptr<Transfer> begin_transfer(
      std::uint64_t connection, const std::string& path, std::shared_ptr<BodySink> sink) = 0;
  // Has a part of a file read, which comes to file_read().
  virtual void read_file(std::uint64_t connection, const http::FileRange& part) = 0;
  virtual void count_refusal(int status) = 0;
  // Tells whether a client may send another request after the response.
  [[nodiscard]] virtual bool may_stay() const = 0;
  [[nodiscard]] virtual bool is_stopping() const = 0;
};

class Connection {
 public:
  // `memory`: to be advanced when memory of bodies was freed, and now and then.
  enum class Wants { read, write, answer, close, memory };

  // Borrows `host`, which must outlive this object.
  Connection(ConnectionHost& host, std::uint64_t id, std::unique_ptr<Stream> stream,
             std::string remote_address);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Continues as far as possible without blocking; called after accept and whenever the socket is
  // ready.
  [[nodiscard]] Wants advance();
  // Takes the handler's response and begins to send it.
  [[nodiscard]] Wants answer(const http::Response& response);
  // Takes what the route made of the body, and begins to read it or to refuse it.
  [[nodiscard]] Wants opened(Opening opening);
  // Takes back the memory of a slice that the sink has taken, or the answer that ends the request.
  [[nodiscard]] Wants slice_taken(SliceTaken taken);
  // Takes the next part of the answer's file; nothing: it cannot be read.
  [[nodiscard]] Wants file_read(std::string bytes);
  // Ends a body that is taken as it comes, since the server stops.
  [[nodiscard]] Wants stop_streaming();
  // Refuses the body that it is reading, which frees its memory.
  [[nodiscard]] Wants give_way(const Refusal& refusal) { return refuse(refusal); }

  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] int socket() const { return stream_->socket(); }
  [[nodiscard]] base::MonotonicTime deadline() const { return deadline_; }
  [[nodiscard]] base::MonotonicTime begun_at() const { return begun_at_; }
  [[nodiscard]] bool is_reading() const { return phase_ < Phase::handling; }
  // Nothing of the client is waited for.
  [[nodiscard]] bool is_handling() const {
    return phase_ == Phase::handling || phase_ == Phase::opening || phase_ == Phase::file ||
           is_waiting_for_sink_;
  }
  [[nodiscard]] bool is_streaming() const { return phase_ == Phase::streaming; }
  // A body or a file that makes so little progress that its place is better given to another.
  [[nodiscard]] bool is_slow() const;
  // True between two requests, when no response is pending.
  [[nodiscard]] bool is_idle() const { return is_idle_; }
  // ---- the memory of its body
  [[nodiscard]] const std::string& sender() const { return sender_; }
  [[nodiscard]] bool holds_memory() const { return reserved_ > 0; }
  [[nodiscard]] bool is_waiting_for_memory() const { return is_waiting_for_memory_; }
  [[nodiscard]] BodyHolder body_holder() const {
    return {id_, begun_at_, step_begun_at_, phase_ == Phase::body, is_waiting_for_memory_};
  }
  void hurry(base::MonotonicTime deadline) { deadline_ = std::min(deadline_, deadline); }

 private:
  enum class Phase {
    handshake,
    head,
    body,
    handling,
    opening,    // the route decides what becomes of the body
    streaming,  // the body goes to a sink
    answer,
    file,  // the next part of the answer's file is being read
    lingering
  };

  void begin_request();
  [[nodiscard]] Wants read_head();
  [[nodiscard]] Wants read_head(std::size_t length);
  [[nodiscard]] Wants answer_options(const Head& head, const Options& options);
  [[nodiscard]] Wants read_body();
  [[nodiscard]] ConnectionHost::Room reserve_step();
  [[nodiscard]] Wants hand_over();
  [[nodiscard]] bool tell_to_go_on();
  [[nodiscard]] Wants ask_route();
  [[nodiscard]] Wants read_stream();
  void hand_slice();
  void note_progress(std::uint64_t bytes);
  [[nodiscard]] Wants write_file();
  [[nodiscard]] Wants write_answer();
  [[nodiscard]] Wants linger();
  [[nodiscard]] Wants refuse(const Refusal& refusal);
  [[nodiscard]] Wants begin_answer(const http::Response& response);
  [[nodiscard]] static Wants wants(Io io);

  ConnectionHost& host_;
  std::uint64_t id_;
  std::unique_ptr<Stream> stream_;
  const std::string remote_address_;
  Phase phase_ = Phase::handshake;
  base::MonotonicTime begun_at_, deadline_;
  std::uint32_t requests_ = 0;  // number of requests so far
  bool is_idle_ = false;
  bool is_last_ = true;  // no request follows the current one; the response says so
  bool is_head_ = false;
  std::vector<std::string> certificate_subjects_;
  ReceivedRequest request_;
  std::string input_;  // bytes of the head, and those of the body that arrived with it
  std::size_t seen_ = 0;
  const Route* route_ = nullptr;
  std::uint64_t body_bytes_ = 0, reserved_ = 0;
  std::string sender_;  // whose share of memory the body takes
  base::MonotonicTime step_begun_at_, waiting_since_;
  bool is_waiting_for_memory_ = false;
  bool expects_continue_ = false;
  // ---- a body that is taken as it comes
  std::shared_ptr<Transfer> transfer_;
  std::string slice_, spare_;   // the one that is being filled, and memory for the next
  std::uint64_t received_ = 0;  // bytes of the body
  bool is_sink_busy_ = false;   // with the slice before
  bool is_waiting_for_sink_ = false;
  // ---- the answer
  std::optional<http::FileRange> file_;  // what is still to be read of it
  std::uint64_t moved_ = 0;              // bytes of the body or file since then
  base::MonotonicTime moving_since_;
  std::string output_;
  std::string_view rest_;  // the part of output_ that is not written yet
  // The client may still be sending; closing at once would lose the response.
  bool is_unread_ = false;
};

struct Framing {
  bool is_last = false;  // the connection ends with it
  bool is_head = false;  // it answers HEAD: the headers of the answer to GET, without the body
};

// The bytes of a response. A response whose headers would break its framing becomes a 500. One that
// says nothing of caching is not to be stored.
[[nodiscard]] std::string to_bytes(const http::Response& response, Framing framing);
[[nodiscard]] http::Response refusal_response(const Refusal& refusal);

}  // namespace devy::server
