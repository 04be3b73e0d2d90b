#include "core/platform/http/server/server.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/body_memory.hpp"
#include "core/platform/http/server/connection.hpp"
#include "core/platform/http/server/listening_socket.hpp"
#include "core/platform/http/server/no_broken_pipe.hpp"
#include "core/platform/http/server/pool.hpp"

namespace devy::server {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

// Deadlines are looked at this often: they are seconds.
constexpr milliseconds tick{50};
// How long a request that is partly read when a stop is requested may still take to arrive
// completely.
constexpr milliseconds stop_patience{2'000};
// When all places are taken, a client that has been this long over its request gives its place up.
constexpr milliseconds eviction_age{500};

// Names of what epoll reports: connections count up from `first_connection`.
constexpr std::uint64_t wake_name = 0;
constexpr std::uint64_t first_connection = 1024;
constexpr std::size_t sockets_max = 64;

int checked(int result, const char* what) {
  if (result < 0)
    throw Error(ErrorKind::internal,
                std::string("unable to serve: ") + what + ": " + strerror(errno));
  return result;
}

}  // namespace

struct HttpServer::State : ConnectionHost {
  State(ServerSettings given_settings, std::vector<Route> given_routes,
        std::vector<base::Descriptor> given_sockets)
      : settings_(std::move(given_settings)),
        routes_(std::move(given_routes)),
        sockets_(std::move(given_sockets)),
        memory_({settings_.bodies_bytes_max, settings_.sender_bodies_bytes_max}) {
    if (sockets_.size() > sockets_max)
      throw Error(ErrorKind::config, "unable to serve: too many addresses");
    // An inherited socket may block, and the client that woke us may have gone.
    for (const auto& socket : sockets_)
      checked(fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) | O_NONBLOCK), "fcntl");
    if (settings_.tls) tls_.emplace(*settings_.tls);
    epoll_ = base::Descriptor(checked(epoll_create1(EPOLL_CLOEXEC), "epoll"));
    wake_ = base::Descriptor(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"));
    watch(wake_.get(), wake_name, EPOLLIN, EPOLL_CTL_ADD);
  }

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
  void submit(std::uint64_t connection, const Route& route, ReceivedRequest request) override {
    // std::function copies; a request is large.
    auto shared = std::make_shared<const ReceivedRequest>(std::move(request));
    const Respond on_response = [this, connection](http::Response response) {
      const std::lock_guard lock(mutex_);
      answers_.emplace_back(connection, std::move(response));
      // The thread that queued the first response has woken the loop.
      if (answers_.size() == 1) wake();
    };
    ++in_flight_;
    pool_->submit([&route, on_response, shared = std::move(shared)]() mutable {
      serve(route, std::move(shared), on_response);
    });
  }
  [[nodiscard]] bool may_stay() const override {
    return !is_stopping_ && connections_.size() < settings_.connections_max;
  }
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
  void collect_responses();
  void close_late();
  void listen(bool is_wanted);
  void begin_stop();

  void watch(int descriptor, std::uint64_t name, std::uint32_t events, int act) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = name;
    checked(epoll_ctl(epoll_.get(), act, descriptor, &event), "epoll_ctl");
  }
  void forget(int descriptor) const { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr); }
  void wake() const {
    const std::uint64_t one = 1;
    // Full means that it is awake already.
    if (::write(wake_.get(), &one, sizeof one) < 0 && errno != EAGAIN)
      base::log::warning("server not woken", {{"server", settings_.name}});
  }

  ServerSettings settings_;
  std::vector<Route> routes_;
  std::vector<base::Descriptor> sockets_;
  std::optional<Tls> tls_;
  base::Descriptor epoll_, wake_;
  std::unique_ptr<Pool> pool_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::uint64_t next_name_ = first_connection;
  BodyMemory memory_;
  BodyMemory::Answer memory_answer_ = BodyMemory::Answer::granted;  // the last one
  std::vector<std::uint64_t> waiting_for_memory_;  // in the order in which they came
  bool is_memory_freed_ = false;
  bool is_listening_ = false, is_stopping_ = false;
  base::MonotonicTime listen_again_at_{};

  std::mutex mutex_;  // guards answers_
  std::vector<std::pair<std::uint64_t, http::Response>> answers_;

  std::atomic<std::uint64_t> open_{0}, in_flight_{0}, requests_{0}, refused_{0}, overloaded_{0},
      timed_out_{0};
};

void HttpServer::State::listen(bool is_wanted) {
  if (is_wanted == is_listening_) return;
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if (is_wanted) watch(sockets_[i].get(), i + 1, EPOLLIN, EPOLL_CTL_ADD);
    else forget(sockets_[i].get());
  }
  is_listening_ = is_wanted;
}

void HttpServer::State::accept_clients(int socket) {
  // A bound, so that a flood of connections does not starve those that are open.
  constexpr int turn_max = 64;
  for (int i = 0; i < turn_max; ++i) {
    if (connections_.size() >= settings_.connections_max) evict_slowest();
    if (connections_.size() >= settings_.connections_max) {
      listen(false);
      return;
    }
    auto client = accept_client(socket);
    if (client.socket.get() < 0) {
      // Out of descriptors: those that are open have to go first.
      if (client.is_exhausted) {
        listen(false);
        listen_again_at_ = now() + tick;
      }
      return;
    }
    const auto name = next_name_++;
    auto stream = tls_ && !client.address.empty() ? tls_->make_stream(std::move(client.socket))
                                                  : make_plain_stream(std::move(client.socket));
    auto& place = connections_[name];
    place = std::make_unique<Connection>(*this, name, std::move(stream), std::move(client.address));
    open_ = connections_.size();
    // Its bytes have rarely come with it.
    watch(place->socket(), name, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_ADD);
  }
}

// Closes the connection that has been idle for longest, else the one that has been sending its
// request for longest: silence does not keep a place.
void HttpServer::State::evict_slowest() {
  const auto order = [](const Connection& connection) {
    return std::pair(!connection.is_idle(), connection.begun_at());
  };
  auto slowest = connections_.end();
  for (auto it = connections_.begin(); it != connections_.end(); ++it)
    if (it->second->is_reading() &&
        (slowest == connections_.end() || order(*it->second) < order(*slowest->second)))
      slowest = it;
  if (slowest == connections_.end()) return;
  if (!slowest->second->is_idle()) {
    if (now() - slowest->second->begun_at() < eviction_age) return;
    ++timed_out_;
  }
  connections_.erase(slowest);
}

ConnectionHost::Room HttpServer::State::reserve(const Connection& asking, std::uint64_t bytes) {
  // Each round ends with an answer, or frees the memory of one body.
  while (true) {
    memory_answer_ = memory_.reserve(asking.sender(), bytes);
    if (memory_answer_ == BodyMemory::Answer::granted) return Room::granted;
    ShortOfMemory shortage({asking.id(), asking.begun_at()}, now());
    for (const auto& [name, connection] : connections_) {
      const bool is_rival =
          connection.get() != &asking && connection->holds_memory() &&
          (memory_answer_ == BodyMemory::Answer::full || connection->sender() == asking.sender());
      if (is_rival) shortage.consider(connection->body_holder());
    }
    const auto [way, name] = shortage.decide();
    switch (way) {
      case ShortOfMemory::Way::wait: return Room::later;
      case ShortOfMemory::Way::refuse: return Room::none;
      case ShortOfMemory::Way::end_slowest:
        handle(name, connections_.at(name)->give_way({408, "the body came too slowly"}));
        break;
      case ShortOfMemory::Way::end_last:
        handle(name, connections_.at(name)->give_way({503, "too much at once"}));
        break;
    }
  }
}

// Those that wait for what was refused a moment ago keep waiting without being asked.
void HttpServer::State::serve_waiting_for_memory() {
  is_memory_freed_ = false;
  bool is_full = false;
  std::unordered_set<std::string> full_senders;
  for (const auto name : std::exchange(waiting_for_memory_, {})) {
    const auto found = connections_.find(name);
    if (found == connections_.end() || !found->second->is_waiting_for_memory()) continue;
    const auto sender = found->second->sender();
    if (is_full || full_senders.contains(sender)) {
      waiting_for_memory_.push_back(name);
      continue;
    }
    handle(name, found->second->advance());
    if (memory_answer_ == BodyMemory::Answer::full) is_full = true;
    if (memory_answer_ == BodyMemory::Answer::sender_full) full_senders.insert(sender);
  }
}

void HttpServer::State::handle(std::uint64_t name, Connection::Wants wants) {
  const auto found = connections_.find(name);
  if (found == connections_.end()) return;
  const int descriptor = found->second->socket();
  switch (wants) {
    case Connection::Wants::read:
      watch(descriptor, name, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_MOD);
      break;
    case Connection::Wants::write:
      watch(descriptor, name, EPOLLOUT | EPOLLONESHOT, EPOLL_CTL_MOD);
      break;
    case Connection::Wants::memory: waiting_for_memory_.push_back(name); break;
    // Watched once, so not now: a client that hangs up meanwhile would be reported without end.
    case Connection::Wants::answer: break;
    case Connection::Wants::close:
      connections_.erase(found);
      open_ = connections_.size();
      break;
  }
}

void HttpServer::State::collect_responses() {
  std::uint64_t count = 0;
  if (::read(wake_.get(), &count, sizeof count) < 0 && errno != EAGAIN) checked(-1, "eventfd");
  std::vector<std::pair<std::uint64_t, http::Response>> answers;
  {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
  }
  for (const auto& [name, response] : answers) {
    --in_flight_;
    ++requests_;
    const auto found = connections_.find(name);
    if (found != connections_.end()) handle(name, found->second->answer(response));
  }
}

void HttpServer::State::close_late() {
  const auto time = now();
  std::vector<std::uint64_t> waiting;
  for (auto it = connections_.begin(); it != connections_.end();) {
    const auto& connection = *it->second;
    const bool is_late = !connection.is_handling() && connection.deadline() <= time;
    // It was not slow itself, so it is told.
    const bool is_told = is_late && connection.is_waiting_for_memory();
    if (is_told) waiting.push_back(it->first);
    if (is_late && !is_told && !connection.is_idle()) ++timed_out_;
    it = is_late && !is_told ? connections_.erase(it) : std::next(it);
  }
  for (const auto name : waiting)
    handle(name, connections_.at(name)->give_way({503, "too much at once"}));
  open_ = connections_.size();
  if (!is_stopping_ && time >= listen_again_at_) listen(true);
}

void HttpServer::State::begin_stop() {
  is_stopping_ = true;
  listen(false);
  const auto last = now() + stop_patience;
  std::vector<std::uint64_t> idle;
  for (const auto& [name, connection] : connections_) {
    if (connection->is_idle()) idle.push_back(name);
    else if (!connection->is_handling()) connection->hurry(last);
  }
  for (const auto name : idle) {
    auto& connection = *connections_.at(name);
    // A request that has come already is heard.
    const auto wants = connection.advance();
    connection.hurry(last);
    handle(name, connection.is_idle() ? Connection::Wants::close : wants);
  }
}

void HttpServer::State::run(const std::stop_token& stop) {
  const NoBrokenPipe guard;
  pool_ = std::make_unique<Pool>(settings_.threads);
  const std::stop_callback on_stop(stop, [this] { wake(); });
  listen(true);
  auto looked_at = now();
  std::array<epoll_event, 128> events{};
  while (!is_stopping_ || !connections_.empty()) {
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(tick.count()));
    if (count < 0 && errno != EINTR) checked(count, "epoll_wait");
    for (int i = 0; i < count; ++i) {
      const auto name = events[static_cast<std::size_t>(i)].data.u64;
      if (name == wake_name) collect_responses();
      else if (name < first_connection) accept_clients(sockets_[name - 1].get());
      else if (const auto it = connections_.find(name); it != connections_.end())
        handle(name, it->second->advance());
    }
    if (stop.stop_requested() && !is_stopping_) begin_stop();
    if (is_memory_freed_) serve_waiting_for_memory();
    if (now() - looked_at < tick) continue;
    looked_at = now();
    close_late();
    // Meanwhile some may have become slow.
    serve_waiting_for_memory();
  }
  pool_.reset();
}

HttpServer::HttpServer(ServerSettings settings, std::vector<Route> routes,
                       std::vector<base::Descriptor> sockets)
    : state_(std::make_unique<State>(std::move(settings), std::move(routes), std::move(sockets))) {}

HttpServer::~HttpServer() = default;

void HttpServer::run(const std::stop_token& stop) {
  state_->run(stop);
}

ServerCounters HttpServer::counters() const {
  return {state_->open_,    state_->in_flight_,  state_->requests_,
          state_->refused_, state_->overloaded_, state_->timed_out_};
}

}  // namespace devy::server
