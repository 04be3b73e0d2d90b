#pragma once
// The way of one body from its connection to its sink: slices, then the end, one call of the sink
// at a time, in a pool. It calls `tell` from the pool's threads: for each slice, and with an answer
// exactly once. What is posted after the answer is dropped.
//
// Shared by the connection and the jobs; any thread may post, the event loop does.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/platform/http/server/body_sink.hpp"
#include "core/platform/http/server/pool.hpp"

namespace devy::server {

// A slice was taken: its memory comes back. An answer ends the request.
struct SliceTaken {
  std::string memory;
  std::optional<http::Response> answer;
};

class Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  using Tell = std::function<void(SliceTaken)>;
  // Borrows the pool, which must outlive the jobs. `path` is for logs.
  Transfer(Pool& pool, std::shared_ptr<BodySink> sink, std::string path, Tell tell);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void take(std::string slice);
  void finish();
  // `rest` is what had come before the end. The answer is 503.
  void break_off(std::string rest, std::string reason);

 private:
  using Job = std::function<void()>;
  void post(Job job);
  void run_next();
  void give(std::string slice, bool is_told);
  void end(http::Response answer);

  Pool& pool_;
  const std::shared_ptr<BodySink> sink_;
  const std::string path_;
  const Tell tell_;
  bool is_over_ = false;  // of the jobs, which come one after the other
  std::mutex mutex_;      // guards the members below
  std::deque<Job> jobs_;  // two slices and an end at most
  bool is_running_ = false;
};

}  // namespace devy::server
