#pragma once
// The state of a server: its connections, its pools, and what they tell each other. Private to this
// folder: server.cpp has the loop, server_clients.cpp who comes and who has to go, and
// server_events.cpp what goes to the pools and comes back.
//
// Belongs to the loop's thread, but for tell(), which any thread calls.

#include <atomic>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "core/platform/http/server/body_memory.hpp"
#include "core/platform/http/server/connection.hpp"
#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/transfer.hpp"

namespace devy::server {

// Deadlines are looked at this often: they are seconds.
inline constexpr std::chrono::milliseconds tick{50};

// Names of what epoll reports: connections count up from `first_connection`.
inline constexpr std::uint64_t wake_name = 0;
inline constexpr std::uint64_t first_connection = 1024;

// Throws Error(internal) for a call of the system that failed.
int checked(int result, const char* what);

// The next part of an answer's file; nothing when it cannot be read.
struct FilePart {
  std::string bytes;
};

struct HttpServer::State : ConnectionHost {
  State(ServerSettings given_settings, std::vector<Route> given_routes,
        std::vector<base::Descriptor> given_sockets);

  // ---- what connections ask for (loop thread)

  [[nodiscard]] const ServerSettings& settings() const override { return settings_; }
  [[nodiscard]] std::span<const Route> routes() const override { return routes_; }
  [[nodiscard]] base::MonotonicTime now() const override {
    return base::system_clock().monotonic_now();
  }
  Room reserve(const Connection& connection, std::uint64_t bytes) override;
  void release(const std::string& sender, std::uint64_t bytes) override {
    memory_.release(sender, bytes);
    if (bytes > 0) is_memory_freed_ = true;
  }
  void submit(std::uint64_t connection, const Route& route, ReceivedRequest request) override;
  bool submit_opening(std::uint64_t connection, const Route& route,
                      ReceivedRequest request) override;
  std::shared_ptr<Transfer> begin_transfer(std::uint64_t connection, const std::string& path,
                                           std::shared_ptr<BodySink> sink) override;
  void read_file(std::uint64_t connection, const http::FileRange& part) override;
  [[nodiscard]] bool may_stay() const override {
    return !is_stopping_ && connections_.size() < settings_.connections_max;
  }
  [[nodiscard]] bool is_stopping() const override { return is_stopping_; }
  void count_refusal(int status) override {
    constexpr int too_slow = 408;
    if (status == too_slow) {
      ++timed_out_;
      return;
    }
    ++refused_;
    if (status == 503) ++overloaded_;
  }

  // ---- the loop

  void run(const std::stop_token& stop);
  void accept_clients(int socket);
  void evict_slowest();
  void serve_waiting_for_memory();
  void handle(std::uint64_t name, Connection::Wants wants);
  // ---- what comes back from the pools
  using What = std::variant<http::Response, Opening, SliceTaken, FilePart>;
  void tell(std::uint64_t connection, What what);
  void collect_events();
  [[nodiscard]] Connection::Wants pass_on(Connection& connection, What what);
  void note_end(const What& what);
  void close_late();
  void listen(bool is_wanted);
  void begin_stop();

  void watch(int descriptor, std::uint64_t name, std::uint32_t events, int act) const;
  void forget(int descriptor) const;
  void wake() const;

  ServerSettings settings_;
  std::vector<Route> routes_;
  std::vector<base::Descriptor> sockets_;
  std::optional<Tls> tls_;
  base::Descriptor epoll_, wake_;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Pool> io_pool_;  // calls sinks and reads files: a slow disk holds up no page
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::uint64_t next_name_ = first_connection;
  BodyMemory memory_;
  BodyMemory::Answer memory_answer_ = BodyMemory::Answer::granted;  // the last one
  std::vector<std::uint64_t> waiting_for_memory_;  // in the order in which they came
  bool is_memory_freed_ = false;
  bool is_listening_ = false, is_stopping_ = false;
  base::MonotonicTime listen_again_at_{};

  std::mutex mutex_;                                    // guards events_
  std::vector<std::pair<std::uint64_t, What>> events_;  // by the connection that they are for

  std::atomic<std::uint64_t> open_{0}, in_flight_{0}, requests_{0}, refused_{0}, overloaded_{0},
      timed_out_{0}, streams_{0};
};

}  // namespace devy::server
