#include "core/platform/http/server/pool.hpp"

#include <utility>

namespace devy::server {

Pool::Pool(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

void Pool::submit(std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(job));
  wake_one();
}

// One thread on its way is enough: when it has come and there is more to do, it wakes the next.
// Waking one for each job would cost more than most jobs.
void Pool::wake_one() {
  if (waiting_.empty() || idle_ == 0 || is_waking_) return;
  is_waking_ = true;
  changed_.notify_one();
}

void Pool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (waiting_.empty()) {
      if (is_ending_) return;
      ++idle_;
      changed_.wait(lock);
      --idle_;
      is_waking_ = false;
    }
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    wake_one();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace devy::server
