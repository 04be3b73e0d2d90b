#pragma once
// A few threads with a queue in front of them. The caller of submit() keeps the queue bounded: the
// server refuses what is too much, since the sender of a request that waits long has probably gone.
// Any thread may submit. The destructor waits for the jobs that were accepted.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace devy::server {

class Pool {
 public:
  explicit Pool(unsigned threads);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  // A job must not throw.
  void submit(std::function<void()> job);

 private:
  void work();
  void wake_one();

  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  unsigned idle_ = 0;
  bool is_waking_ = false;  // an idle thread was notified, and has not woken yet
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace devy::server
