#include "daemon/shared_commit.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include "core/base/log.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

// The second goes on when a batch of the first takes longer than this.
constexpr unsigned writers_max = 2;
constexpr std::chrono::milliseconds slow_batch{20};
// Those that wait for somebody's lock; the other threads stay free for everybody else.
constexpr unsigned lone_writers_max = 4;
constexpr std::size_t batch_deliveries_max = 64;
// Of bodies; a larger one goes by itself.
constexpr std::size_t batch_bytes_max = config::mebibyte;

Error error_of(const std::exception& exception) {
  if (const auto* error = dynamic_cast<const Error*>(&exception)) return *error;
  return {ErrorKind::internal, exception.what()};
}

}  // namespace

SharedCommit::SharedCommit(const config::Config& config, SessionPool& sessions)
    : config_(config), sessions_(sessions) {}

void SharedCommit::take(Item item) {
  std::unique_lock lock(mutex_);
  const bool is_news = item.delivery.is_news();
  (is_news ? alone_ : waiting_).push_back(std::move(item));
  if (!is_news && await_turn(lock)) {
    ++writers_;
    while (!waiting_.empty()) {
      auto batch = next_batch();
      batch_begun_at_ = base::system_clock().monotonic_now();
      lock.unlock();
      auto left = write(std::move(batch));
      lock.lock();
      for (auto& one : left)
        alone_.push_back(std::move(one));
    }
    --writers_;
  }
  if (lone_writers_ >= lone_writers_max) return;
  ++lone_writers_;
  while (!alone_.empty()) {
    const auto one = std::move(alone_.front());
    alone_.pop_front();
    lock.unlock();
    write_alone(one);
    lock.lock();
  }
  --lone_writers_;
}

// Where a thread can be spared, one stays to see whether the writer comes back for what waits.
bool SharedCommit::await_turn(std::unique_lock<std::mutex>& lock) {
  if (writers_ == 0) return true;
  const auto age = [this] { return base::system_clock().monotonic_now() - batch_begun_at_; };
  if (!has_watcher_ && config_.listener.threads > writers_max) {
    has_watcher_ = true;
    while (writers_ == 1 && !waiting_.empty() && age() < slow_batch) {
      const auto slow_at = batch_begun_at_ + slow_batch;
      lock.unlock();
      std::this_thread::sleep_until(slow_at);
      lock.lock();
    }
    has_watcher_ = false;
  }
  return !waiting_.empty() && (writers_ == 0 || (writers_ < writers_max && age() >= slow_batch));
}

SharedCommit::Batch SharedCommit::next_batch() {
  Batch batch;
  std::size_t bytes = 0;
  while (!waiting_.empty() && batch.size() < batch_deliveries_max) {
    bytes += waiting_.front().delivery.entry.delivery.body.size();
    if (!batch.empty() && bytes > batch_bytes_max) break;
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

// Gives back those that have to be taken alone.
SharedCommit::Batch SharedCommit::write(Batch batch) {
  Batch left;
  std::vector<const upload::ReadDelivery*> deliveries;
  for (const auto& item : batch)
    deliveries.push_back(&item.delivery);
  std::vector<std::optional<upload::Taken>> taken;
  try {
    sessions_.with(
        [&](pg::Connection& connection) { taken = upload::take_together(connection, deliveries); });
  } catch (const std::exception& exception) {
    const auto error = error_of(exception);
    if (error.kind() != ErrorKind::unavailable && batch.size() > 1) {
      base::log::warning(
          "batch failed",
          {{"deliveries", batch.size()}, {"code", error.code()}, {"error", error.text()}});
      sessions_.note_retry(error.code());
      return batch;
    }
    for (const auto& item : batch)
      item.answer(item.delivery, error);
    return left;
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (taken[i]) batch[i].answer(batch[i].delivery, *std::move(taken[i]));
    else left.push_back(std::move(batch[i]));
  }
  return left;
}

void SharedCommit::write_alone(const Item& item) {
  std::optional<Outcome> outcome;
  try {
    sessions_.with([&](pg::Connection& connection) {
      outcome = upload::take_delivery(connection, config_, item.delivery);
    });
  } catch (const std::exception& exception) {
    outcome = error_of(exception);
  }
  item.answer(item.delivery, *outcome);
}

}  // namespace devy::daemon
