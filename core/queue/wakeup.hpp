#pragma once
// How an idle worker waits: for a time, a notification that work has come, or the order to stop.
// Internal to core/queue; one thread, the stop_token from any. Listening is optional: without it
// only the time decides (queue.md, rule 7). Throws Error(internal) when the kernel has no eventfd.

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "core/config/config.hpp"
#include "core/pg/connection.hpp"

namespace devy::queue {

class Wakeup {
 public:
  // `settings` is borrowed and outlives this.
  Wakeup(std::string conninfo, const config::Database& settings);
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup();

  // Opens the listening session when there is none; a failure is logged, and tried again later.
  void listen();

  enum class Reason { time, notified, stopped };
  [[nodiscard]] Reason wait(const std::stop_token& stop, std::chrono::milliseconds timeout);

  // As wait(), but a notification is no reason to hurry.
  void rest(const std::stop_token& stop, std::chrono::milliseconds timeout);

 private:
  [[nodiscard]] Reason wait_for(const std::stop_token& stop, std::chrono::milliseconds timeout,
                                bool heeds_notifications);
  [[nodiscard]] bool take_notification();
  std::string conninfo_;
  const config::Database& settings_;
  std::optional<pg::Connection> connection_;
  std::chrono::steady_clock::time_point listen_again_at_{};
  int stop_event_ = -1;
};

}  // namespace devy::queue
