#pragma once
// A few database sessions that threads borrow in turn. One that was lost is replaced; while the
// database is away, whoever asks is told so at once for a moment, instead of each waiting for a
// connection that will not come. Any thread.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/pg/connection.hpp"

namespace devy::daemon {

class SessionPool {
 public:
  // Holds as many sessions as there are threads that ask. Waits are short: the sender of a request
  // waits too.
  // `on_retry` is told the class of SQLSTATEs of what made it try again, on whichever thread.
  using OnRetry = std::function<void(std::string_view sqlstate_class)>;
  SessionPool(std::string conninfo, config::Database settings, std::string role,
              OnRetry on_retry = {});

  // Runs `work` with a session. A session that turns out lost is tried again once with a fresh one,
  // so `work` must do no harm twice. Throws what it throws, and what pg::Connection throws.
  void with(const std::function<void(pg::Connection&)>& work);
  // Something is done again after an error of that code; nothing where it is not the database's.
  void note_retry(std::string_view error_code) const;

 private:
  [[nodiscard]] std::unique_ptr<pg::Connection> take(bool& is_fresh);
  void give_back(std::unique_ptr<pg::Connection> connection);
  [[nodiscard]] std::unique_ptr<pg::Connection> open();

  const std::string conninfo_, role_;
  const config::Database settings_;
  const OnRetry on_retry_;
  std::mutex mutex_;  // guards what follows
  std::vector<std::unique_ptr<pg::Connection>> idle_;
  base::MonotonicTime away_until_{};
};

}  // namespace devy::daemon
