#include "core/platform/queue/wakeup.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"

namespace devy::queue {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Pause after a failure; polling continues meanwhile.
constexpr std::chrono::seconds listen_again{10};

}  // namespace

Wakeup::Wakeup(std::string conninfo, const config::Database& settings)
    : conninfo_(std::move(conninfo)),
      settings_(settings),
      stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (stop_event_ < 0)
    throw base::Error(base::ErrorKind::internal, "unable to wait: no event descriptor");
}

Wakeup::~Wakeup() {
  close(stop_event_);
}

constexpr pg::Statement listen_operation{"listen_operation", "listen devy_operation"};

void Wakeup::listen() {
  if (connection_ || steady_clock::now() < listen_again_at_) return;
  try {
    connection_.emplace(pg::Connection::open(conninfo_, settings_, "listen"));
    // Behind a pooling proxy only polling wakes the worker; the session may serve another client
    // next.
    if (connection_->is_direct()) connection_->execute(listen_operation);
  } catch (const base::Error& error) {
    connection_.reset();
    listen_again_at_ = steady_clock::now() + listen_again;
    base::log::warning("listening failed", {{"error", error.text()}});
  }
}

bool Wakeup::read_notification() {
  try {
    return connection_->wait_notification(milliseconds(0));
  } catch (const base::Error& error) {
    connection_.reset();
    listen_again_at_ = steady_clock::now() + listen_again;
    base::log::warning("listening failed", {{"error", error.text()}});
    return false;
  }
}

Wakeup::Reason Wakeup::wait(const std::stop_token& stop, milliseconds timeout) {
  return wait_for(stop, timeout, true);
}

void Wakeup::rest(const std::stop_token& stop, milliseconds timeout) {
  static_cast<void>(wait_for(stop, timeout, false));
}

Wakeup::Reason Wakeup::wait_for(const std::stop_token& stop, milliseconds timeout,
                                bool heeds_notifications) {
  std::uint64_t earlier = 0;  // left by the stop of an earlier wait
  static_cast<void>(!read(stop_event_, &earlier, sizeof earlier));
  const std::stop_callback wake(stop, [this] {
    const std::uint64_t one = 1;
    static_cast<void>(!write(stop_event_, &one, sizeof one));
  });
  const auto until = steady_clock::now() + timeout;
  while (!stop.stop_requested()) {
    // A notification that arrived with the reply to an earlier statement is no longer in the
    // socket.
    if (heeds_notifications && connection_ && read_notification()) return Reason::notified;
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return Reason::time;
    const int socket = heeds_notifications && connection_ ? connection_->socket() : -1;
    std::array<pollfd, 2> waiting{{{stop_event_, POLLIN, 0}, {socket, POLLIN, 0}}};
    static_cast<void>(poll(waiting.data(), waiting.size(), static_cast<int>(left.count())));
  }
  return Reason::stopped;
}

}  // namespace devy::queue
