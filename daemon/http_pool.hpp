#pragma once
// A few threads and a queue before them, which whoever submits keeps bounded: the server refuses
// what is too much, for a request that waits long is one whose sender has gone. Any thread may
// submit. The destructor waits for what was taken.

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
  explicit Pool(unsigned threads);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  // A job throws nothing.
  void submit(std::function<void()> job);

 private:
  void work();
  void wake_one();

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  unsigned idle_ = 0;
  bool is_waking_ = false;  // somebody idle was notified, and has not come yet
  bool is_ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace devy::daemon
