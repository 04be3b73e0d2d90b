// Lets clients in, and ends those that have to go (server_state.hpp).
#include <sys/epoll.h>

#include <tuple>
#include <unordered_set>

#include "core/platform/http/server/listening_socket.hpp"
#include "core/platform/http/server/server_state.hpp"

namespace devy::server {
namespace {

// When all places are taken, a client that has been this long over its request gives its place up.
constexpr std::chrono::milliseconds eviction_age{500};

}  // namespace

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

// Closes a body or file that makes next to no progress, else the connection that has been idle for
// longest, else the one that has been sending its
// request for longest: silence does not keep a place.
void HttpServer::State::evict_slowest() {
  const auto order = [](const Connection& connection) {
    return std::tuple(!connection.is_slow(), !connection.is_idle(), connection.begun_at());
  };
  auto slowest = connections_.end();
  for (auto it = connections_.begin(); it != connections_.end(); ++it)
    if ((it->second->is_reading() || it->second->is_slow()) &&
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

}  // namespace devy::server
