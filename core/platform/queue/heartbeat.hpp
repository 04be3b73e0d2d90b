#pragma once
// The heartbeat of one worker. It renews the lease of the watched attempt every third of the lease
// time, from its own thread and connection; it reports cancel requests, and it says when the lease
// can no longer be trusted. Internal to core/queue.
//
// The worker's thread calls watch(), release() and the getters. Nothing here throws: a connection
// that fails is opened again until the lease can no longer be trusted.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/lease.hpp"

namespace devy::queue {

class Heartbeat {
 public:
  Heartbeat(std::string conninfo, const config::Database& settings, std::chrono::milliseconds ttl,
            const base::Clock& clock);

  // Renews this lease from now on; requests a stop when it is lost or is to be cancelled.
  void watch(const Lease& lease, std::stop_source stop);
  // Stops renewing; a heartbeat reply that is still on its way is ignored.
  void release();

  // True when the lease is lost, or was not renewed for so long that it may be.
  [[nodiscard]] bool is_lost() const;
  [[nodiscard]] bool is_cancel_requested() const;

 private:
  void run(const std::stop_token& ending);
  std::optional<Beat> beat(const Lease& lease);
  void apply(const std::optional<Beat>& beat, base::MonotonicTime sent_at);

  const std::string conninfo_;
  const config::Database settings_;
  const std::chrono::milliseconds ttl_;
  const base::Clock& clock_;
  std::optional<pg::Connection> connection_;  // used by the thread alone

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Lease> lease_;  // guarded by mutex_, like all members below
  std::stop_source stop_;
  std::uint64_t watched_ = 0;  // counts calls of watch() and release()
  bool is_lost_ = false;
  bool is_cancel_requested_ = false;
  bool is_failing_ = false;
  std::jthread thread_;  // declared last, because it uses everything above
};

}  // namespace devy::queue
