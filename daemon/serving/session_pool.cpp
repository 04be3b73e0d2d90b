#include "daemon/serving/session_pool.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/pg/sqlstate_class.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::seconds;

// GitHub waits 10 s for an answer, and 503 is one.
constexpr seconds connect_timeout_max{2}, statement_timeout_max{5}, lock_timeout_max{3},
    tcp_timeout_max{5};
constexpr std::chrono::milliseconds away_time{500};

config::Database with_short_timeouts(config::Database settings) {
  settings.connect_timeout = std::min(settings.connect_timeout, connect_timeout_max);
  settings.statement_timeout = std::min(settings.statement_timeout, statement_timeout_max);
  settings.lock_timeout = std::min(settings.lock_timeout, lock_timeout_max);
  settings.tcp_user_timeout = std::min(settings.tcp_user_timeout, tcp_timeout_max);
  return settings;
}

}  // namespace

SessionPool::SessionPool(std::string conninfo, config::Database settings, std::string role,
                         OnRetry on_retry)
    : conninfo_(std::move(conninfo)),
      role_(std::move(role)),
      settings_(with_short_timeouts(std::move(settings))),
      on_retry_(std::move(on_retry)) {}

std::unique_ptr<pg::Connection> SessionPool::open() {
  {
    const std::lock_guard lock(mutex_);
    if (base::system_clock().monotonic_now() < away_until_)
      throw Error(ErrorKind::unavailable, "unable to reach PostgreSQL: it was away a moment ago",
                  {}, "database_unavailable");
  }
  try {
    return std::make_unique<pg::Connection>(pg::Connection::open(conninfo_, settings_, role_));
  } catch (const Error&) {
    const std::lock_guard lock(mutex_);
    away_until_ = base::system_clock().monotonic_now() + away_time;
    idle_.clear();
    throw;
  }
}

std::unique_ptr<pg::Connection> SessionPool::take(bool& is_fresh) {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  is_fresh = true;
  return open();
}

void SessionPool::give_back(std::unique_ptr<pg::Connection> connection) {
  // One that has grown would keep its memory for as long as it lies here.
  if (!connection->is_usable() || connection->in_transaction() || connection->has_grown()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

void SessionPool::note_retry(std::string_view error_code) const {
  const auto sqlstate_class = pg::sqlstate_class(error_code);
  if (on_retry_ && !sqlstate_class.empty()) on_retry_(sqlstate_class);
}

void SessionPool::with(const std::function<void(pg::Connection&)>& work) {
  bool is_fresh = false;
  auto connection = take(is_fresh);
  try {
    work(*connection);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::unavailable || connection->is_usable() || is_fresh) {
      give_back(std::move(connection));
      throw;
    }
    // The server was restarted while the session lay idle: the others are as dead.
    {
      const std::lock_guard lock(mutex_);
      idle_.clear();
    }
    note_retry(error.code());
    connection = open();
    work(*connection);
  }
  give_back(std::move(connection));
}

}  // namespace devy::daemon
