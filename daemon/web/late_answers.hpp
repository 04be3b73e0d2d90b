#pragma once
// Answers that wait until something has happened in the database: one thread looks again, several
// times a second, for all requests that wait, so that none of them holds a thread of the server.
//
// Any thread may add to it. The caller keeps `respond` alive as the server does; whoever waits when
// this object ends, or when end_waits() is called, is answered at once.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/http/server/server.hpp"
#include "daemon/serving/session_pool.hpp"

namespace devy::daemon {

class LateAnswers {
 public:
  static constexpr std::size_t waiting_max = 100;
  static constexpr std::chrono::milliseconds look_interval{200};

  // Looks once; nothing: not yet. At the last look, `is_last`, there has to be an answer. Throws
  // what pg::Connection throws, which becomes the answer.
  using Look = std::function<std::optional<http::Response>(pg::Connection&, bool is_last)>;
  struct Waiting {
    Look look;
    std::string path;  // for the log
    base::MonotonicTime until;
    server::Respond respond;
  };

  explicit LateAnswers(SessionPool& sessions);
  ~LateAnswers();
  LateAnswers(const LateAnswers&) = delete;
  LateAnswers& operator=(const LateAnswers&) = delete;

  // False when too many wait, or the program ends: then the caller answers.
  [[nodiscard]] bool add(Waiting waiting);
  // Answers all that wait, and takes no more.
  void end_waits();

 private:
  void run(const std::stop_token& stop);
  // Looks at each of them, and answers those that have ended.
  void look_at(std::vector<Waiting>& all, bool is_ending);

  SessionPool& sessions_;
  std::mutex mutex_;  // guards the members below
  std::condition_variable_any changed_;
  std::vector<Waiting> added_;
  std::size_t waiting_ = 0;  // added or looked at
  bool is_ending_ = false;
  std::jthread thread_;  // declared last, because it uses everything above
};

}  // namespace devy::daemon
