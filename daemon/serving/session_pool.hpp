#pragma once
// A few database sessions that threads share. A lost session is replaced. While the database is
// unavailable, callers get the error at once for a short time, instead of each waiting for a
// connection attempt that will fail. Any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::daemon {

// The seconds that callers are told to wait while the database is unavailable.
inline constexpr int database_away_seconds = 5;

class SessionPool {
 public:
  // Holds as many sessions as there are threads that use it. Timeouts are short, because the sender
  // of a request is waiting. `on_retry` is called with the class of SQLSTATEs that caused a retry,
  // on any thread.
  using OnRetry = std::function<void(std::string_view sqlstate_class)>;
  SessionPool(std::string conninfo, config::Database settings, std::string role,
              OnRetry on_retry = {});

  // Runs `work` with a session. When the session turns out to be lost, `work` runs once more with a
  // new one, so it must be idempotent. Throws what `work` throws, and what pg::Connection throws.
  void with(const std::function<void(pg::Connection&)>& work);
  // Reports that something is repeated after an error with that code; ignored when the code is not
  // the database's.
  void note_retry(std::string_view error_code) const;

 private:
  [[nodiscard]] std::unique_ptr<pg::Connection> take(bool& is_fresh);
  void give_back(std::unique_ptr<pg::Connection> connection);
  [[nodiscard]] std::unique_ptr<pg::Connection> open();

  const std::string conninfo_, role_;
  const config::Database settings_;
  const OnRetry on_retry_;
  std::mutex mutex_;  // guards the members below
  std::vector<std::unique_ptr<pg::Connection>> idle_;
  base::MonotonicTime away_until_{};
};

}  // namespace devy::daemon
