#include "daemon/listener/group_commit.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include "core/platform/base/log.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

// The second one begins when a batch of the first takes longer than this.
constexpr unsigned writers_max = 2;
constexpr std::chrono::milliseconds slow_batch{20};
// Limit for the threads that write solo and may wait for a lock; the other threads stay free for
// other requests.
constexpr unsigned solo_writers_max = 4;
constexpr std::size_t batch_deliveries_max = 64;
// Limit for the bodies of a batch; a larger body is a batch by itself.
constexpr std::size_t batch_bytes_max = config::mebibyte;

Error error_of(const std::exception& exception) {
  if (const auto* error = dynamic_cast<const Error*>(&exception)) return *error;
  return {ErrorKind::internal, exception.what()};
}

}  // namespace

GroupCommit::GroupCommit(const config::Config& config, SessionPool& sessions,
                         webhook::Subscribers subscribers)
    : config_(config), sessions_(sessions), subscribers_(subscribers) {}

void GroupCommit::record(Item item) {
  std::unique_lock lock(mutex_);
  const bool is_solo = webhook::is_solo(subscribers_, item.delivery);
  (is_solo ? solo_ : waiting_).push_back(std::move(item));
  if (!is_solo && wait_to_write(lock)) {
    ++writers_;
    while (!waiting_.empty()) {
      auto batch = next_batch();
      batch_begun_at_ = base::system_clock().monotonic_now();
      lock.unlock();
      auto left = write(std::move(batch));
      lock.lock();
      for (auto& one : left)
        solo_.push_back(std::move(one));
    }
    --writers_;
  }
  if (solo_writers_ >= solo_writers_max) return;
  ++solo_writers_;
  while (!solo_.empty()) {
    const auto one = std::move(solo_.front());
    solo_.pop_front();
    lock.unlock();
    write_solo(one);
    lock.lock();
  }
  --solo_writers_;
}

// When enough threads are free, one stays to see whether the writer comes back for what waits.
bool GroupCommit::wait_to_write(std::unique_lock<std::mutex>& lock) {
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

GroupCommit::Batch GroupCommit::next_batch() {
  Batch batch;
  std::size_t bytes = 0;
  while (!waiting_.empty() && batch.size() < batch_deliveries_max) {
    bytes += waiting_.front().delivery.delivery.body.size();
    if (!batch.empty() && bytes > batch_bytes_max) break;
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

// Returns the items that have to be recorded solo.
GroupCommit::Batch GroupCommit::write(Batch batch) {
  Batch left;
  std::vector<const webhook::ReadDelivery*> deliveries;
  for (const auto& item : batch)
    deliveries.push_back(&item.delivery);
  std::vector<std::optional<webhook::RecordedDelivery>> recorded;
  try {
    sessions_.with([&](pg::Connection& connection) {
      recorded = webhook::record_deliveries(connection, config_, subscribers_, deliveries);
    });
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
    if (recorded[i]) batch[i].answer(batch[i].delivery, *std::move(recorded[i]));
    else left.push_back(std::move(batch[i]));
  }
  return left;
}

void GroupCommit::write_solo(const Item& item) {
  std::optional<Outcome> outcome;
  try {
    sessions_.with([&](pg::Connection& connection) {
      outcome = webhook::record_delivery(connection, config_, subscribers_, item.delivery);
    });
  } catch (const std::exception& exception) {
    outcome = error_of(exception);
  }
  item.answer(item.delivery, *outcome);
}

}  // namespace devy::daemon
