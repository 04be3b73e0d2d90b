#pragma once
// Group commit: deliveries that arrive together share one statement, one flush of the database's
// log and one round trip. A batch is whatever is waiting when a session becomes free; nothing waits
// for a batch to fill. There are no threads of its own: a thread that brings a delivery while
// nobody writes becomes the writer, for its own delivery and all waiting ones, until none is left.
// A single writer makes the largest batches, and so the least work for each delivery; a second one
// joins only when a batch takes long, because of a slow disk or a lock of another session.
//
// A bad delivery does not harm the others: when a batch fails, nothing of it is stored, and each of
// its deliveries is recorded solo. Also recorded solo are deliveries whose blog another session has
// locked, and repository events, which need a transaction of their own. Only when the database is
// unavailable do all deliveries of a batch fail at once.
//
// Any thread. Every delivery gets one response, after its commit, from any of the threads.

#include <deque>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/webhook/intake.hpp"
#include "daemon/serving/session_pool.hpp"

namespace devy::daemon {

class GroupCommit {
 public:
  using Outcome = std::variant<webhook::RecordedDelivery, base::Error>;
  struct Item {
    webhook::ReadDelivery delivery;
    // Must not throw; keeps alive what the delivery borrows.
    std::function<void(const webhook::ReadDelivery&, const Outcome&)> answer;
  };

  // Borrows them; they must outlive this object.
  GroupCommit(const config::Config& config, SessionPool& sessions,
              webhook::Subscribers subscribers);

  // Returns once the item has its response or another thread has taken charge of it. The caller
  // bounds how many may wait: see ServerSettings::connections_max.
  void record(Item item);

 private:
  using Batch = std::vector<Item>;

  // Tells whether the caller is to write what waits; it may release the lock for a moment to find
  // out.
  [[nodiscard]] bool wait_to_write(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Batch next_batch();
  [[nodiscard]] Batch write(Batch batch);
  void write_solo(const Item& item);

  const config::Config& config_;
  SessionPool& sessions_;
  const webhook::Subscribers subscribers_;
  std::mutex mutex_;  // guards the members below
  std::deque<Item> waiting_;
  std::deque<Item> solo_;  // to be recorded solo
  unsigned writers_ = 0, solo_writers_ = 0;
  base::MonotonicTime batch_begun_at_{};  // when the last batch began
  bool has_watcher_ = false;              // a thread is watching whether the batch takes long
};

}  // namespace devy::daemon
