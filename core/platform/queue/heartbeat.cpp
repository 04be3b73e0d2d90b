#include "core/platform/queue/heartbeat.hpp"

#include <algorithm>

#include "core/platform/base/log.hpp"
#include "core/platform/queue/lease_time.hpp"

namespace devy::queue {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A beat that takes longer than the interval is of no use: fail, and try on a new connection.
config::Database beat_settings(config::Database settings, milliseconds ttl) {
  const auto bound = std::max(seconds(1), std::chrono::duration_cast<seconds>(ttl / 3));
  settings.connect_timeout = std::min(settings.connect_timeout, bound);
  settings.statement_timeout = std::min(settings.statement_timeout, bound);
  settings.lock_timeout = std::min(settings.lock_timeout, bound);
  settings.tcp_user_timeout = std::min(settings.tcp_user_timeout, bound);
  return settings;
}

}  // namespace

Heartbeat::Heartbeat(std::string conninfo, const config::Database& settings, milliseconds ttl,
                     const base::Clock& clock)
    : conninfo_(std::move(conninfo)),
      settings_(beat_settings(settings, ttl)),
      ttl_(ttl),
      clock_(clock),
      thread_([this](const std::stop_token& ending) { run(ending); }) {}

void Heartbeat::watch(const Lease& lease, std::stop_source stop) {
  const std::scoped_lock lock(mutex_);
  lease_ = lease;
  stop_ = std::move(stop);
  is_lost_ = is_cancel_requested_ = is_failing_ = false;
  ++watched_;
  changed_.notify_all();
}

void Heartbeat::release() {
  const std::scoped_lock lock(mutex_);
  lease_.reset();
  ++watched_;
  changed_.notify_all();
}

bool Heartbeat::is_lost() const {
  const std::scoped_lock lock(mutex_);
  return is_lost_ || (lease_ && clock_.monotonic_now() >= lease_->trusted_until);
}

bool Heartbeat::is_cancel_requested() const {
  const std::scoped_lock lock(mutex_);
  return is_cancel_requested_;
}

void Heartbeat::run(const std::stop_token& ending) {
  std::unique_lock lock(mutex_);
  while (!ending.stop_requested()) {
    changed_.wait(lock, ending, [&] { return lease_.has_value(); });
    const auto mine = watched_;
    const auto pause = is_failing_ ? ttl_ / 10 : ttl_ / 3;
    changed_.wait_for(lock, ending, pause, [&] { return watched_ != mine; });
    if (ending.stop_requested() || watched_ != mine || is_lost_) {
      // There is nothing to renew any more: wait for the next attempt.
      changed_.wait(lock, ending, [&] { return watched_ != mine; });
      continue;
    }
    const Lease lease = *lease_;
    lock.unlock();
    const auto sent_at = clock_.monotonic_now();
    const auto answer = beat(lease);
    lock.lock();
    if (watched_ == mine) apply(answer, sent_at);
  }
}

std::optional<Beat> Heartbeat::beat(const Lease& lease) {
  try {
    if (!connection_ || !connection_->is_usable())
      connection_.emplace(pg::Connection::open(conninfo_, settings_, "heartbeat"));
    return heartbeat(*connection_, lease, ttl_);
  } catch (const std::exception& error) {
    connection_.reset();
    base::log::warning(
        "heartbeat failed",
        {{"operation", lease.operation.text()}, {"fence", lease.fence}, {"error", error.what()}});
    return std::nullopt;
  }
}

void Heartbeat::apply(const std::optional<Beat>& beat, base::MonotonicTime sent_at) {
  is_failing_ = !beat;
  if (beat && beat->is_held)
    lease_->trusted_until = std::max(lease_->trusted_until, trusted_until(sent_at, ttl_));
  if (beat && beat->is_cancel_requested) is_cancel_requested_ = true;
  is_lost_ = (beat && !beat->is_held) || clock_.monotonic_now() >= lease_->trusted_until;
  if (is_lost_ || is_cancel_requested_) stop_.request_stop();
}

}  // namespace devy::queue
