#pragma once
// The heartbeat of one worker: renews the lease of the attempt it watches from its own thread and
// connection every third of the lease, brings back a cancel request, and says when the lease is no
// longer to be trusted. Internal to core/queue.
//
// watch(), release() and the questions are for the worker's thread. Nothing here throws: a
// connection that fails is opened again until the trust runs out.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/lease.hpp"

namespace devy::queue {

class Heart {
 public:
  Heart(std::string conninfo, const config::Database& settings, std::chrono::milliseconds ttl,
        const base::Clock& clock);

  // Beats for this lease from now on; requests a stop when it is lost or to be cancelled.
  void watch(const Lease& lease, std::stop_source stop);
  // An answer still on its way is ignored.
  void release();

  // Lost for sure, or not renewed for so long that it may be.
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
  std::optional<pg::Connection> connection_;  // the thread's own

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Lease> lease_;  // guarded by mutex_, as all below
  std::stop_source stop_;
  std::uint64_t watched_ = 0;  // counts watch() and release()
  bool is_lost_ = false;
  bool is_cancel_requested_ = false;
  bool is_failing_ = false;
  std::jthread thread_;  // last: it uses everything above
};

}  // namespace devy::queue
