#pragma once
// A few threads and a bounded queue before them: what does not fit is refused at once, for a
// request that waits long is one whose sender has gone. Any thread may submit. The destructor waits
// for what was taken.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace devy::daemon {

class Pool {
 public:
  Pool(unsigned threads, std::size_t waiting_max);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  // False: the queue is full. A job throws nothing.
  [[nodiscard]] bool submit(std::function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::size_t waiting_max_;
  unsigned idle_ = 0;
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace devy::daemon
