#include "core/platform/http/server/server.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/no_broken_pipe.hpp"
#include "core/platform/http/server/server_state.hpp"

namespace devy::server {
namespace {

using base::Error;
using base::ErrorKind;

// How long a request that is partly read when a stop is requested may still take to arrive
// completely.
constexpr std::chrono::milliseconds stop_patience{2'000};
constexpr std::size_t sockets_max = 64;

}  // namespace

int checked(int result, const char* what) {
  if (result < 0)
    throw Error(ErrorKind::internal,
                std::string("unable to serve: ") + what + ": " + strerror(errno));
  return result;
}

HttpServer::State::State(ServerSettings given_settings, std::vector<Route> given_routes,
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

void HttpServer::State::watch(int descriptor, std::uint64_t name, std::uint32_t events,
                              int act) const {
  epoll_event event{};
  event.events = events;
  event.data.u64 = name;
  checked(epoll_ctl(epoll_.get(), act, descriptor, &event), "epoll_ctl");
}

void HttpServer::State::forget(int descriptor) const {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
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
  std::vector<std::uint64_t> idle, streaming;
  for (const auto& [name, connection] : connections_) {
    if (connection->is_idle()) idle.push_back(name);
    else if (connection->is_streaming()) streaming.push_back(name);
    else if (!connection->is_handling()) connection->hurry(last);
  }
  for (const auto name : idle) {
    auto& connection = *connections_.at(name);
    // A request that has come already is heard.
    const auto wants = connection.advance();
    connection.hurry(last);
    handle(name, connection.is_idle() ? Connection::Wants::close : wants);
  }
  for (const auto name : streaming)
    handle(name, connections_.at(name)->stop_streaming());
}

void HttpServer::State::run(const std::stop_token& stop) {
  const NoBrokenPipe guard;
  pool_ = std::make_unique<Pool>(settings_.threads);
  io_pool_ = std::make_unique<Pool>(settings_.streams.threads);
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
      if (name == wake_name) collect_events();
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
  io_pool_.reset();
}

HttpServer::HttpServer(ServerSettings settings, std::vector<Route> routes,
                       std::vector<base::Descriptor> sockets)
    : state_(std::make_unique<State>(std::move(settings), std::move(routes), std::move(sockets))) {}

HttpServer::~HttpServer() = default;

void HttpServer::run(const std::stop_token& stop) {
  state_->run(stop);
}

ServerCounters HttpServer::counters() const {
  return {state_->open_,       state_->in_flight_, state_->requests_, state_->refused_,
          state_->overloaded_, state_->timed_out_, state_->streams_};
}

}  // namespace devy::server
