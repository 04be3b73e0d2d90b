#pragma once
// Lets an idle worker wait until a time has passed, a notification says that work has arrived, or a
// stop is requested. Internal to core/queue; one thread, but any thread may request the stop.
// Listening is optional: without it only the timeout ends the wait (queue.md, rule 7). Throws
// Error(internal) when the kernel provides no eventfd.

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::queue {

class Wakeup {
 public:
  // Borrows `settings`, which must outlive this object.
  Wakeup(std::string conninfo, const config::Database& settings);
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup();

  // Opens the listening session when there is none. A failure is logged, and the next call tries
  // again.
  void listen();

  enum class Reason { time, notified, stopped };
  [[nodiscard]] Reason wait(const std::stop_token& stop, std::chrono::milliseconds timeout);

  // Waits like wait(), but a notification does not end the wait.
  void rest(const std::stop_token& stop, std::chrono::milliseconds timeout);

 private:
  [[nodiscard]] Reason wait_for(const std::stop_token& stop, std::chrono::milliseconds timeout,
                                bool heeds_notifications);
  [[nodiscard]] bool read_notification();
  std::string conninfo_;
  const config::Database& settings_;
  std::optional<pg::Connection> connection_;
  std::chrono::steady_clock::time_point listen_again_at_{};
  int stop_event_ = -1;
};

}  // namespace devy::queue
