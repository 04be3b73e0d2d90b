#pragma once
// Deliveries that arrive together share a commit: one statement, one flush of the database's log,
// one answer from it. A batch is what waits when a session comes free; nothing ever waits for a
// batch to fill. There are no threads of its own: whoever brings a delivery and finds nobody
// writing writes what waits, its own and others', until nothing does. One writer makes the largest
// batches, and so the least work for each delivery; a second one goes beside it only when a batch
// takes long, because of a slow disk or of somebody's lock.
//
// One bad delivery costs its neighbours nothing: when a batch fails, nothing of it is stored, and
// each is taken alone. Alone, too, are taken those whose blog another session has locked, and news
// of repositories, which want a transaction of their own. Only when the database is away all of a
// batch are told so at once.
//
// Any thread. Every delivery is answered once, after its commit, by whichever thread.

#include <deque>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/config/config.hpp"
#include "core/upload/intake.hpp"
#include "daemon/session_pool.hpp"

namespace devy::daemon {

class SharedCommit {
 public:
  using Outcome = std::variant<upload::Taken, base::Error>;
  struct Item {
    upload::ReadDelivery delivery;
    // Throws nothing; keeps alive what the delivery borrows.
    std::function<void(const upload::ReadDelivery&, const Outcome&)> answer;
  };

  // Both are borrowed and outlive this.
  SharedCommit(const config::Config& config, SessionPool& sessions);

  // Returns once the item is answered or another thread has it in hand. How many may wait is
  // bounded by who calls: see ServerSettings::waiting_requests_max.
  void take(Item item);

 private:
  using Batch = std::vector<Item>;

  // Whether the caller is to write what waits; may let the lock go for a moment to see.
  [[nodiscard]] bool await_turn(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Batch next_batch();
  [[nodiscard]] Batch write(Batch batch);
  void write_alone(const Item& item);

  const config::Config& config_;
  SessionPool& sessions_;
  std::mutex mutex_;  // guards what follows
  std::deque<Item> waiting_;
  std::deque<Item> alone_;  // not to be shared with others
  unsigned writers_ = 0, lone_writers_ = 0;
  base::MonotonicTime batch_begun_at_{};  // the last one
  bool has_watcher_ = false;              // somebody looks whether it takes long
};

}  // namespace devy::daemon
