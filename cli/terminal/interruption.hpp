#pragma once
// Turns SIGINT and SIGTERM into a stop token. A second signal ends the process at once with 130.
// SIGPIPE is ignored: a closed stdout appears as a failed write (output.hpp). One object per
// process.

#include <stop_token>
#include <thread>

namespace devy::cli {

class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  int reader_ = -1;
  std::thread waiter_;
};

}  // namespace devy::cli
